/** The three people that every seeded database knows by the same id, so that a token outlives it. */
export const demoPeople = [
  {
    id: '018cc400-7a00-7a11-8d3e-5b1f0c7a9e01',
    email: 'student@loadline.dev',
    name: 'Noor Demir',
    role: 'STUDENT',
  },
  {
    id: '018cc400-7a01-7b22-9e4f-6c201d8baf02',
    email: 'teacher@loadline.dev',
    name: 'Tomás Åkerlund',
    role: 'TEACHER',
  },
  {
    id: '018cc400-7a02-7c33-af50-7d312e9cb003',
    email: 'admin@loadline.dev',
    name: 'Ada Wójcik',
    role: 'ADMIN',
  },
] as const
