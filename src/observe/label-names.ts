import type { NamedOperation } from './name-operation.ts'

/** Names of operations outside the manifest that get a label of their own, first come. */
const mostNames = 50
const longestName = 80

/**
 * The label of an operation: its name if it is one of the manifest's or among the first few others,
 * so that clients who make up names cannot make up time series.
 */
export function createLabelNames(
  trustedNames: ReadonlySet<string>,
): (operation: NamedOperation | null) => string {
  const others = new Set<string>()
  return (operation) => {
    if (!operation) return 'none'
    const { name, isTrusted } = operation
    if (name === null) return 'unnamed'
    if (isTrusted && trustedNames.has(name)) return name
    // A stranger's document under a trusted name is counted apart from it.
    if (trustedNames.has(name) || name.length > longestName) return 'other'
    if (!others.has(name) && others.size >= mostNames) return 'other'
    others.add(name)
    return name
  }
}
