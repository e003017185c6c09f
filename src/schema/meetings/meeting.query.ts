import { entity } from '../builder.ts'
import { parseGlobalId } from '../global-id.ts'
import { Meeting } from './meeting.type.ts'

entity.query((t) => ({
  meeting: t.one(Meeting, {
    description: 'A meeting; null when there is none with this id or the viewer may not see it.',
    args: { id: { type: 'ID', required: true, description: "The meeting's global id." } },
    by: (args) => ({ id: parseGlobalId(args.id, 'Meeting', 'id') }),
  }),
}))
