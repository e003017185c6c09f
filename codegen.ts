import type { CodegenConfig } from '@graphql-codegen/cli'
import { preset } from '@graphql-codegen/client-preset'
import { type DocumentNode, Kind } from 'graphql'

/**
 * `schema.graphql` and the operations of the client make typed documents, a manifest of every
 * document under its hash, and a typed method for each operation. Documents are syntax trees:
 * bundlers drop those that nobody imports, which they cannot do with documents as text; the methods
 * hold all of them and are for who wants all, so they are a file of their own.
 */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'src/sdk/operations/*.graphql',
  generates: {
    'src/sdk/generated/': {
      preset: {
        ...preset,
        buildGeneratesSection: async (options) => {
          const sections = await preset.buildGeneratesSection(options)
          const [first] = sections
          if (!first) throw new Error('The preset wrote nothing')
          const methods = {
            ...first,
            filename: `${options.baseOutputDir}operations.ts`,
            plugins: [{ methods: {} }],
            pluginMap: { methods: { plugin: writeMethods } },
          }
          // Without the function that looks documents up by their text: it holds all of them.
          return [...sections.filter(({ filename }) => !filename.endsWith('/gql.ts')), methods]
        },
      },
      presetConfig: { fragmentMasking: false, skipIndexFile: true, persistedDocuments: true },
      config: {
        enumType: 'string-literal',
        immutableTypes: true,
        scalars: { DateTime: '../date-time.ts#DateTime', ID: 'string' },
        strictScalars: true,
        useTypeImports: true,
      },
    },
  },
}

export default config

function writeMethods(
  _: unknown,
  files: readonly { readonly document?: DocumentNode | undefined }[],
): string {
  const operations = files
    .flatMap(({ document }) => document?.definitions ?? [])
    .flatMap((node) => (node.kind === Kind.OPERATION_DEFINITION ? [node] : []))
    .map(({ name, operation }) => ({ name: name?.value ?? '', operation }))
  const methods = operations.map(({ name, operation }) => {
    const method = name.charAt(0).toLowerCase() + name.slice(1)
    const verb = operation === 'query' ? 'query' : 'mutate'
    const types = `documents.${name}${operation === 'query' ? 'Query' : 'Mutation'}`
    return `    ${method}: (...args: CallArguments<${types}Variables>): Promise<Result<${types}>> =>
      client.${verb}(documents.${name}Document, ...args),`
  })
  return `import type { CallArguments } from '../call.ts'
import type { Client, Result } from '../client.ts'
import * as documents from './graphql.ts'

/** A typed method for each operation. It brings all documents along, whichever are used. */
export function createOperations(client: Client) {
  return {
${methods.join('\n')}
  }
}
`
}
