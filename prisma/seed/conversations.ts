import type { PlannedModel } from './ai-models.ts'
import {
  createClock,
  day,
  type Instant,
  laterChange,
  midnight,
  nextSlot,
  seedPresent,
} from './instant.ts'
import { demoAdmin, demoStudent, demoTeacher, type Person } from './people.ts'
import type { Random } from './random.ts'
import type { SeedPlan } from './seed-plan.ts'
import { commonColumns, defineSeedTable, type SeedTable } from './seed-table.ts'
import { drawSizes, interleave } from './spread.ts'
import { createTexts, type Texts } from './texts.ts'
import { questions } from './words.ts'

export interface PlannedConversations {
  /** Ids by place; the largest conversation is the first of the demo student. */
  readonly ids: readonly string[]
  /** Of each conversation, the place of its user in the list of people. */
  readonly userOf: Uint32Array
  readonly startedAt: Float64Array
  readonly lastMessageAt: Float64Array
  /** Of each message, in order of time, the place of its conversation. */
  readonly conversationOf: Uint32Array
  readonly sentAt: Float64Array
}

/** A fifth of the conversations have no message yet. */
export function planConversations(plan: SeedPlan, people: readonly Person[]): PlannedConversations {
  const { conversations: total, largestConversations: largest } = plan.counts
  const random = plan.random('conversations')
  const rowId = plan.rowId('Conversation')
  const perUser = drawSizes(random, { owners: people.length, total, largest }, [
    demoStudent,
    demoTeacher,
    demoAdmin,
  ])
  const userOf = interleave(random, perUser, 3)
  const conversationOf = drawMessages(plan, random, userOf.indexOf(demoStudent))
  const clock = createClock(random, {
    from: midnight('2025-09-01'),
    to: seedPresent - day,
    count: conversationOf.length,
  })
  const sentAt = Float64Array.from(conversationOf, (conversation, index) =>
    clock(conversationOf[index - 1] === conversation ? 0.5 : 0.1),
  )
  const startedAt = new Float64Array(total)
  const lastMessageAt = new Float64Array(total)
  conversationOf.forEach((conversation, index) => {
    const at = sentAt[index] ?? 0
    startedAt[conversation] ||= at
    lastMessageAt[conversation] = at
  })
  for (let place = 0; place < total; place++) {
    if (startedAt[place] !== 0) continue
    // A user's silent ones were imported on one day, and so tie in the user's list.
    const month = (userOf[place] ?? 0) % 8
    const imported = nextSlot(midnight('2025-09-01') + month * 30 * day, 30 * day)
    startedAt[place] = imported
    lastMessageAt[place] = imported
  }
  const ids = Array.from(startedAt, (at, place) => rowId(place, at))
  return { ids, userOf, startedAt, lastMessageAt, conversationOf, sentAt }
}

export function conversationTable(
  plan: SeedPlan,
  people: readonly Person[],
  models: readonly PlannedModel[],
  conversations: PlannedConversations,
): SeedTable {
  const { ids, userOf, startedAt, lastMessageAt } = conversations
  return defineSeedTable({
    name: 'Conversation',
    columns: {
      ...commonColumns,
      userId: 'uuid',
      modelId: 'uuid',
      title: 'text',
      lastMessageAt: 'timestamptz',
    },
    planned: ids.length,
    *rows() {
      const random = plan.random('conversation rows')
      const texts = createTexts(random)
      for (const [place, id] of ids.entries()) {
        const last: Instant = lastMessageAt[place] ?? 0
        yield {
          id,
          createdAt: startedAt[place] ?? 0,
          updatedAt: last,
          userId: people[userOf[place] ?? 0]?.id ?? null,
          modelId: random.pick(models).id,
          title: texts.title(),
          lastMessageAt: last,
        }
      }
    },
  })
}

export function messageTable(plan: SeedPlan, conversations: PlannedConversations): SeedTable {
  const { ids, conversationOf, sentAt } = conversations
  return defineSeedTable({
    name: 'Message',
    columns: {
      ...commonColumns,
      conversationId: 'uuid',
      role: '"MessageRole"',
      content: 'text',
      tokenCount: 'int',
    },
    planned: conversationOf.length,
    *rows() {
      const random = plan.random('messages')
      const texts = createTexts(random)
      const rowId = plan.rowId('Message')
      const positions = new Uint32Array(ids.length)
      for (const [index, conversation] of conversationOf.entries()) {
        const createdAt: Instant = sentAt[index] ?? 0
        const position = positions[conversation] ?? 0
        positions[conversation] = position + 1
        const role = roleOf(conversation, position)
        const content = writeMessage(random, texts, role)
        yield {
          id: rowId(index, createdAt),
          createdAt,
          updatedAt: random.chance(0.05) ? laterChange(random, createdAt) : createdAt,
          conversationId: ids[conversation] ?? null,
          role,
          content,
          tokenCount: Math.ceil(content.length / 4),
        }
      }
    },
  })
}

/** The conversation of each message: one holds the lion's share, a fifth hold none. */
function drawMessages(plan: SeedPlan, random: Random, longest: number): Uint32Array {
  const { conversations, messages, largestConversation, nextConversation } = plan.counts
  const talking = Math.floor(conversations * 0.8) - 1
  const sizes = new Uint32Array(conversations)
  const others = drawSizes(random, {
    owners: talking,
    total: messages - largestConversation,
    largest: nextConversation,
  })
  // Two of ten places, neighbours as a user's often are, and that of the longest are passed over.
  let place = 0
  for (const size of others) {
    while (place % 10 >= 8 || place === longest) place++
    sizes[place++] = size
  }
  sizes[longest] = largestConversation
  return interleave(random, sizes, 2)
}

function roleOf(conversation: number, position: number): 'USER' | 'ASSISTANT' | 'SYSTEM' {
  const instructed = conversation % 5 === 0
  if (instructed && position === 0) return 'SYSTEM'
  return (position % 2 === 0) === instructed ? 'ASSISTANT' : 'USER'
}

function writeMessage(random: Random, texts: Texts, role: string): string {
  if (role === 'SYSTEM') return `You are a patient tutor. ${texts.sentence()}`
  if (role === 'ASSISTANT') return texts.prose(random.between(3, 14))
  return `${random.pick(questions)} ${texts.prose(random.between(1, 3))}`
}
