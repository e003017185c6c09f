import { entity } from '../builder.ts'

/** One ordering for every list of meetings. */
export const meetingOrder = entity.order('Meeting', {
  enum: 'MeetingOrder',
  description: 'Orders in which meetings can be listed.',
  values: {
    SOONEST: { description: 'By their beginning, earliest first.', by: [{ startsAt: 'asc' }] },
    LATEST: { description: 'By their beginning, latest first.', by: [{ startsAt: 'desc' }] },
  },
})
