import { defineEnum } from '../builder.ts'

export const Role = defineEnum('Role', {
  description: 'What a person does on the platform; it decides which mutations they may call.',
  values: {
    STUDENT: { description: 'Enrolls in courses and attends meetings.' },
    TEACHER: { description: 'Writes and runs courses of their own.' },
    ADMIN: { description: 'Runs the platform: sees and changes everything except conversations.' },
  },
})

export const Plan = defineEnum('Plan', {
  description: 'The plans that a person can subscribe to.',
  values: {
    FREE: { description: 'Costs nothing, with small allowances.' },
    PRO: { description: 'For one person who works here every day.' },
    TEAM: { description: 'For a person who shares courses and meetings with a team.' },
  },
})

export const SubscriptionStatus = defineEnum('SubscriptionStatus', {
  description: 'Whether a subscription is in force.',
  values: {
    ACTIVE: { description: 'In force and paid for.' },
    PAST_DUE: { description: 'The last payment failed; the plan stays in force for now.' },
    CANCELLED: { description: 'Ended by the subscriber; it will not renew.' },
  },
})

export const UsageMetric = defineEnum('UsageMetric', {
  description: 'What a usage record measures, and in which unit.',
  values: {
    MEETING_MINUTES: { description: 'Time spent in meetings, in minutes.' },
    AI_TOKENS: { description: 'Tokens read and written by the assistant.' },
    STORAGE_MB: { description: 'Storage taken, in megabytes.' },
  },
})
