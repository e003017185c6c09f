import { defineEnum } from '../builder.ts'

export const MeetingStatus = defineEnum('MeetingStatus', {
  description: 'Where a meeting is in its life.',
  values: {
    SCHEDULED: { description: 'The meeting is planned and has not begun.' },
    LIVE: { description: 'The meeting is going on.' },
    ENDED: { description: 'The meeting is over.' },
    CANCELLED: { description: 'Called off by its host; it stays in lists so that people notice.' },
  },
})

export const AttendeeResponse = defineEnum('AttendeeResponse', {
  description: 'What an invited person answered.',
  values: {
    INVITED: { description: 'Has not answered yet.' },
    ACCEPTED: { description: 'Will come.' },
    DECLINED: { description: 'Will not come.' },
  },
})

export const IntegrationProvider = defineEnum('IntegrationProvider', {
  description: 'Services of others that an account can be connected with.',
  values: {
    GOOGLE_CALENDAR: { description: 'Google Calendar: events in both directions.' },
    SLACK: { description: 'Slack: reminders and summaries of meetings.' },
    ZOOM: { description: 'Zoom: rooms for meetings.' },
  },
})

export const IntegrationStatus = defineEnum('IntegrationStatus', {
  description: 'Whether a connection to a service works.',
  values: {
    CONNECTED: { description: 'Works as of the last synchronisation.' },
    ERROR: { description: 'The service refused the last synchronisation; connect it anew.' },
  },
})
