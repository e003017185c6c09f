import { NoSchemaIntrospectionCustomRule } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { refuseNulInDocument, refuseNulInVariables } from '../guard/refuse-nul.ts'
import { checkOperation } from './operation-rules.ts'

/** What a request must be before anything runs for it, beside valid GraphQL. */
export function useRequestRules(options: { readonly introspection: boolean }): Plugin {
  return {
    onParams({ params }) {
      refuseNulInVariables(params.variables)
    },
    onParse() {
      return ({ result, context: { request, params } }) => {
        // A document that does not parse is the business of whoever called parse.
        if (!result || result instanceof Error) return
        checkOperation(result, { operationName: params.operationName, method: request.method })
        // NUL as such, or any escape that might spell it: most documents have neither.
        if (/\0|\\u/.test(params.query ?? '')) refuseNulInDocument(result)
      }
    },
    onValidate({ addValidationRule }) {
      if (!options.introspection) addValidationRule(NoSchemaIntrospectionCustomRule)
    },
  }
}
