import type { Workload } from './workload.ts'

const cards = (first: number) =>
  `{ courses(first: ${first}, orderBy: TITLE) { nodes { id title slug status description currency teacher { id name } } } }`

const hit = (first: number, acceptEncoding: string): Workload => ({
  kind: 'hits',
  query: cards(first),
  draw: () => [{}],
  postgraphile: null,
  acceptEncoding,
})

/** Everybody's answer, once it is kept. */
export const hits: Readonly<Record<string, Workload>> = {
  'hit-2k': hit(2, 'gzip'),
  'hit-20k': hit(24, 'gzip'),
  'hit-20k-identity': hit(24, 'identity'),
}
