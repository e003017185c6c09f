import type { Plugin } from 'graphql-yoga'
import type { Context } from '../../src/context.ts'

/** A plugin that hands a test the context of the operation that the app executed last. */
export function watchReads() {
  let last: Context | undefined
  const plugin: Plugin = {
    onExecute({ args }) {
      last = args.contextValue as unknown as Context // what the app executes with
    },
  }
  return {
    plugin,
    /** @throws Error when nothing was executed yet */
    get last(): Context {
      if (!last) throw new Error('The app has executed nothing yet')
      return last
    },
  }
}
