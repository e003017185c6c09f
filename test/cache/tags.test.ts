import { expect, test } from 'vitest'
import { collapseTags } from '../../src/cache/collapse-tags.ts'
import { packTags } from '../../src/cache/tag-digest.ts'
import { columnTag, rowTag, setTag } from '../../src/tags/tag.ts'

test('tags of a model collapse into one beyond the limit, those of other models stay', () => {
  const rows = [1, 2, 3].map((id) => rowTag('_AToB', [id]))
  const set = setTag('A', { columns: ['x'], values: ['a:b~c.d'] })

  expect(collapseTags([...rows, set, set], 3)).toEqual([...rows, set])
  expect(collapseTags([...rows, set, set], 2)).toEqual(['_AToB~', set])
  expect(collapseTags(['A~', 'A.x~', 'A:~', 'A.*/y'], 3)).toEqual(['A~'])
  expect(collapseTags(['A~', 'A~', 'AB:1'], 1)).toEqual(['A~', 'AB:1'])
})

test('packed tags differ when tags do', () => {
  const tags = Array.from({ length: 50_000 }, (_, i) => {
    const id = `0191e2c5-7c00-7000-8000-${i.toString(16).padStart(12, '0')}`
    const bound = { columns: ['aId'], values: [id] }
    return [rowTag('A', [id]), setTag('A', bound), columnTag('A', bound, 'x'), rowTag('B', [i])]
  }).flat()

  const packed = packTags(tags)
  const digests = new Set(tags.map((_, i) => packed.readBigUInt64LE(i * 8)))

  expect(digests.size).toBe(tags.length)
  expect(packTags(tags.slice(-1))).toEqual(packed.subarray(-8))
})
