/**
 * `loadline/tags`: names of what an answer depends on, for reads by hand.
 *
 * @example
 * reader.read(statement, [id], () => readTagsOfRow('Book', [id]))
 */
export { createReadSet, type ReadSet } from '../tags/read-set.ts'
export {
  anyRowTag,
  anySetTag,
  anyWriteTag,
  type BoundKey,
  columnTag,
  readTagsOfRow,
  rowTag,
  setTag,
  type Tag,
} from '../tags/tag.ts'
