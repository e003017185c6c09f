import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapter,
  type SqlDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import type * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'

export type SchemaEngine = bindings.SchemaEngine

export interface SchemaEngineOptions {
  /** Pairs of path and text of the Prisma schema, for the commands that compare with it. */
  readonly datamodels?: [path: string, text: string][] | undefined
  /** Opens an empty throw-away database; its `dispose` removes it. Needed to replay migrations. */
  readonly connectToShadowDb?: (() => Promise<SqlDriverAdapter>) | undefined
}

/**
 * Prisma's schema engine, compiled to WebAssembly, on the connection of an adapter. An engine is good
 * for one command: make a new one for the next. A panic in it leaves the command's promise pending
 * and raises an uncaught exception that says what happened.
 */
export async function createSchemaEngine(
  adapter: SqlDriverAdapterFactory,
  { datamodels, connectToShadowDb = refuseShadowDb }: SchemaEngineOptions = {},
): Promise<SchemaEngine> {
  loading ??= loadBindings()
  const { SchemaEngine } = await loading
  const factory = bindMigrationAwareSqlAdapterFactory({
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    connect: () => adapter.connect(),
    connectToShadowDb,
  })
  return SchemaEngine.new({ datamodels }, ignoreLog, factory)
}

/** Once per process: the bindings remember the memory of the module that they were loaded with. */
let loading: Promise<typeof bindings> | undefined

/** By hand, because Node imports WebAssembly modules only behind a flag. */
async function loadBindings(): Promise<typeof bindings> {
  globalThis.PRISMA_WASM_PANIC_REGISTRY ??= { set_message: panic }
  const path = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const module: typeof bindings & { __wbg_set_wasm(exports: unknown): void } = await import(path)
  const { instance } = await WebAssembly.instantiate(
    await readFile(join(dirname(path), 'schema_engine_bg.wasm')),
    { './schema_engine_bg.js': module },
  )
  module.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return module
}

declare global {
  /** What the engine calls before it traps; without it the reason of a panic is lost. */
  var PRISMA_WASM_PANIC_REGISTRY: { set_message(message: string): void } | undefined
}

function panic(message: string): never {
  throw new Error(`Prisma's schema engine panicked: ${message}`)
}

/** As much of it as is needed: TypeScript declares WebAssembly for browsers only. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly instance: { readonly exports: { __wbindgen_start(): void } } }>
}

function refuseShadowDb(): Promise<SqlDriverAdapter> {
  throw new Error('This command replays migrations and needs a throw-away database')
}

function ignoreLog(): void {}
