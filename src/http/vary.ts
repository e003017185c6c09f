/** A `Vary` header with one more name, unless it has it already. */
export function addVary(vary: string | undefined, name: string): string {
  if (!vary) return name
  return vary.split(', ').includes(name) ? vary : `${vary}, ${name}`
}
