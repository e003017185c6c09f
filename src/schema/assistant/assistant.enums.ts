import { defineEnum } from '../builder.ts'

export const MessageRole = defineEnum('MessageRole', {
  description: 'Who speaks in a message of a conversation.',
  values: {
    USER: { description: 'The person whose conversation it is.' },
    ASSISTANT: { description: 'The AI model.' },
    SYSTEM: { description: 'Instructions that the platform gave to the model.' },
  },
})
