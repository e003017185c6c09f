import { allOf, anyOf, everybody, role } from '../../loaders/where.ts'
import { builder, entity } from '../builder.ts'
import { parseGlobalId } from '../global-id.ts'
import { parseSearch } from '../search.ts'
import { Role } from './people.enums.ts'
import { User } from './user.type.ts'

const UserFilter = builder.inputType('UserFilter', {
  description: 'Which people to list; entries that are left out say nothing.',
  fields: (t) => ({
    role: t.field({ type: Role, description: 'Only people with this role.' }),
    search: t.string({
      description:
        'Only people whose name or email contains this text, in any case; at most 100 characters.',
    }),
  }),
})

entity.query((t) => ({
  viewer: t.one(User, {
    description: 'The person who is asking; null when nobody is signed in.',
    inherits: true,
    by: (_args, context) => {
      const id = context.viewer.id()
      return id === null ? null : { id }
    },
  }),
  user: t.one(User, {
    description: 'A person; null when there is none with this id or the viewer may not see them.',
    args: { id: { type: 'ID', required: true, description: "The person's global id." } },
    by: (args) => ({ id: parseGlobalId(args.id, 'User', 'id') }),
  }),
  users: t.connection(User, {
    description: 'Everybody. For admins.',
    guard: role('ADMIN'),
    args: { filter: { type: UserFilter, description: 'Which people to list; all by default.' } },
    where: ({ filter }) => {
      const search = parseSearch(filter?.search)
      return allOf(
        { role: filter?.role ?? undefined },
        search === null
          ? everybody
          : anyOf({ name: { contains: search } }, { email: { contains: search } }),
      )
    },
    orderBy: {
      enum: 'UserOrder',
      description: 'Orders in which people can be listed.',
      values: {
        NEWEST: {
          description: 'By the making of the account, newest first.',
          by: [{ createdAt: 'desc' }],
        },
        NAME: { description: 'By name, A first.', by: [{ name: 'asc' }] },
      },
    },
  }),
}))
