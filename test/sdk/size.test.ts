import { expect, test } from 'vitest'
import manifest from '../../src/sdk/generated/persisted-documents.json' with { type: 'json' }
import { bundleOf, compressedSize } from '../support/bundle.ts'

test('the client with one operation takes less than 3,000 bytes, compressed', async () => {
  const bundle = await bundleOf(`
    import { createClient } from './sdk.ts'
    import { ViewerDocument } from './generated/graphql.ts'
    createClient({ url: '/graphql' }).query(ViewerDocument).then(console.log)`)

  expect(compressedSize(bundle)).toBeLessThan(3_000)
})

test('operations that are not used leave no byte', async () => {
  const client = await bundleOf(`
    import { createClient } from './sdk.ts'
    console.log(createClient)`)
  const withUnused = await bundleOf(`
    import { createClient } from './sdk.ts'
    import { ViewerDocument, EnrollDocument, CourseListDocument } from './generated/graphql.ts'
    console.log(createClient)`)
  const withOne = await bundleOf(`
    import { ViewerDocument } from './generated/graphql.ts'
    console.log(ViewerDocument)`)
  const found = Object.keys(manifest).filter((hash) => withOne.includes(hash))

  expect(withUnused.length).toBe(client.length)
  expect(withUnused).not.toContain('sha256:')
  expect(found).toHaveLength(1)
})

test('times cost nothing who does not parse any', async () => {
  const bundle = await bundleOf(`
    import { createClient } from './sdk.ts'
    console.log(createClient)`)

  expect(bundle).not.toContain('RangeError')
})
