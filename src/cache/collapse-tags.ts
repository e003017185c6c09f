import type { Tag } from '../tags/tag.ts'

/**
 * The same tags, but for each model with more than `limit` of them the one tag `Model~`, which every
 * statement on the model announces: the answer dies sooner than it must, never later.
 */
export function collapseTags(tags: Iterable<Tag>, limit: number): readonly Tag[] {
  const byModel = new Map<string, Set<Tag>>()
  for (const tag of tags) {
    const model = modelOf(tag)
    const known = byModel.get(model)
    if (known) known.add(tag)
    else byModel.set(model, new Set([tag]))
  }
  return [...byModel].flatMap(([model, ofModel]) =>
    ofModel.size > limit ? [`${model}~`] : [...ofModel],
  )
}

/** Names of models have letters, digits and underscores; what follows the first other sign is not it. */
function modelOf(tag: Tag): string {
  const end = tag.search(/[:.~]/)
  return end === -1 ? tag : tag.slice(0, end)
}
