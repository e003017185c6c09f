import type { CodegenConfig } from '@graphql-codegen/cli'
import { preset } from '@graphql-codegen/client-preset'

/**
 * `schema.graphql` and the operations of the client make typed documents, and a manifest of every
 * document under its hash. Documents are syntax trees: bundlers drop those that nobody imports,
 * which they cannot do with documents as text.
 */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'src/sdk/operations/*.graphql',
  generates: {
    'src/sdk/generated/': {
      // Without the function that looks documents up by their text: it holds all of them.
      preset: {
        ...preset,
        buildGeneratesSection: async (options) =>
          (await preset.buildGeneratesSection(options)).filter(
            ({ filename }) => !filename.endsWith('/gql.ts'),
          ),
      },
      presetConfig: { fragmentMasking: false, skipIndexFile: true, persistedDocuments: true },
      config: {
        enumType: 'string-literal',
        immutableTypes: true,
        scalars: { DateTime: 'string', ID: 'string' },
        strictScalars: true,
        useTypeImports: true,
      },
    },
  },
}

export default config
