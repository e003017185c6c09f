import { encodeId } from '../peers/global-id.ts'
import type { Workload } from './workload.ts'

/** One row, and a thousand in one request. */
export const writes: Readonly<Record<string, Workload>> = {
  mutation: {
    kind: 'writes',
    query:
      'mutation ($input: UpdateProgressInput!) { updateProgress(input: $input) { enrollment { progress status } } }',
    // Never 1: the enrollment would be COMPLETED, and its next progress refused.
    draw: ({ activeEnrollments }) =>
      [0.1, 0.3, 0.5, 0.7].flatMap((progress) =>
        activeEnrollments.map((key) => ({
          key,
          more: { input: { enrollmentId: encodeId('Enrollment', key), progress } },
          byHand: { progress },
        })),
      ),
    postgraphile: {
      query: `mutation ($key: UUID!, $progress: Float!) {
        updateProgress: updateEnrollmentByRowId(input: { rowId: $key, enrollmentPatch: { progress: $progress } }) {
          enrollment { progress status }
        }
      }`,
      variables: ({ key, byHand }) => ({ key, ...byHand }),
    },
  },
  import: {
    kind: 'writes',
    connections: 2,
    query:
      'mutation ($input: ImportStudentsInput!) { importStudents(input: $input) { results { status } } }',
    isFresh: true,
    draw: () => [
      {
        get more() {
          return { input: { rows: newStudents() } }
        },
        get byHand() {
          return { rows: newStudents() }
        },
      },
    ],
    postgraphile: null,
  },
}

function newStudents(): readonly object[] {
  return Array.from({ length: 1_000 }, (_, index) => ({
    email: `${crypto.randomUUID()}@bench.test`,
    name: `Student ${index}`,
  }))
}
