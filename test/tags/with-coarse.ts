import { anyRowTag, anySetTag, type Tag } from '../../src/tags/tag.ts'

/** What a read leaves that leaves these tags: beside each row's and set's the tag of all of them. */
export function withCoarse(tags: Iterable<Tag>): ReadonlySet<Tag> {
  const all = new Set(tags)
  for (const tag of tags) {
    const [, model = '', kind, columns = ''] = /^([^.:~]+)(?:(:)|\.([^=*~]+)=)/.exec(tag) ?? []
    if (kind) all.add(anyRowTag(model))
    if (columns) all.add(anySetTag(model, columns.split(',')))
  }
  return all
}
