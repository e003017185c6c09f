import type { Random } from './random.ts'
import * as words from './words.ts'

/** Texts as long as real ones, made from word lists. */
export interface Texts {
  /** 10 to 80 characters, without a part that a list shows twice more often than not. */
  title(): string
  sentence(): string
  /** That many sentences of about 75 characters, a blank line after every fifth. */
  prose(sentences: number): string
}

/** Sentences are made once and drawn from then on, because a large seed needs millions of them. */
const sentencePool = 500

export function createTexts(random: Random): Texts {
  const sentences = Array.from({ length: sentencePool }, () => makeSentence(random))
  const sentence = () => random.pick(sentences)
  return {
    title: () => makeTitle(random),
    sentence,
    prose(count) {
      let text = sentence()
      for (let made = 1; made < count; made++) {
        text += (made % 5 === 0 ? '\n\n' : ' ') + sentence()
      }
      return text
    },
  }
}

function makeSentence(random: Random): string {
  const clause = [
    random.pick(words.subjects),
    random.pick(words.verbs),
    random.pick(words.objects),
    random.pick(words.endings),
  ].join(' ')
  if (random.chance(0.5)) return `${random.pick(words.openings)} ${clause}.`
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`
}

function makeTitle(random: Random): string {
  const topic = random.pick(words.topics)
  const form = random.below(10)
  if (form === 0) return `Introduction to ${topic}`
  if (form < 4) return `${topic}: ${random.pick(words.angles)}`
  if (form < 7) return `${topic} for ${random.pick(words.audiences)}`
  if (form === 7) return `✨ ${topic} & ${random.pick(words.topics)}`
  return `${topic} for ${random.pick(words.audiences)}: ${random.pick(words.angles)}`
}
