import { NoSchemaIntrospectionCustomRule } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { createShapeCheck, parseWithin } from '../guard/check-shape.ts'
import type { Limits } from '../guard/limits.ts'
import { refuseNulInDocument } from '../guard/refuse-nul.ts'
import { checkOperation } from './operation-rules.ts'

export interface RequestRules {
  readonly introspection: boolean
  readonly limits: Limits
}

/** What a document must be before anything runs for it, beside valid GraphQL. */
export function useRequestRules({ introspection, limits }: RequestRules): Plugin {
  const checkShape = createShapeCheck(limits)
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) => parseWithin(limits, source, options))
      return ({ result, context: { request, params } }) => {
        // A document that does not parse is the business of whoever called parse.
        if (!result || result instanceof Error) return
        checkShape(result)
        checkOperation(result, { operationName: params.operationName, method: request.method })
        // NUL as such, or any escape that might spell it: most documents have neither.
        if (/\0|\\u/.test(params.query ?? '')) refuseNulInDocument(result)
      }
    },
    onValidate({ addValidationRule }) {
      if (!introspection) addValidationRule(NoSchemaIntrospectionCustomRule)
    },
  }
}
