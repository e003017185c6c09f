import { builder, entity } from '../builder.ts'
import { User } from './user.type.ts'

export const ImportStatus = builder.enumType('ImportStatus', {
  description: 'What became of a row of an import.',
  values: {
    CREATED: { description: 'The account was made by this call.' },
    EXISTING: { description: 'There was an account with this address; it stays as it was.' },
  },
})

export interface ImportedRow {
  /** Their raw id. */
  readonly user: string
  readonly status: 'CREATED' | 'EXISTING'
}

export const ImportedStudent = entity.payload<ImportedRow>('ImportedStudent', {
  description: 'What became of a row of an import.',
  fields: (t) => ({
    status: t.value({
      type: ImportStatus,
      nullable: false,
      description: 'Whether the account is new.',
      resolve: ({ status }) => status,
    }),
    user: t.one(User, { description: 'The student.', by: ({ user }) => ({ id: user }) }),
  }),
})
