import { expect, test } from 'vitest'
import { createReadSet } from '../../src/tags/read-set.ts'

test('a read set has the tag of all rows of a model once, beside those of single rows', () => {
  const readSet = createReadSet()
  readSet.add('Thing.*')
  readSet.addRow('Thing', [1])
  readSet.addRow('Thing', [2])
  readSet.addRow('Pair', ['a', 7n])

  expect([...readSet.tags].sort()).toEqual(
    ['Thing.*', 'Thing:1', 'Thing:2', 'Thing:~', 'Pair:a,7', 'Pair:~'].sort(),
  )
})

test('rows that are read after the tags were asked for are added', () => {
  const readSet = createReadSet()
  readSet.addRow('Thing', [1])
  expect([...readSet.tags].sort()).toEqual(['Thing:1', 'Thing:~'])

  readSet.addRow('Other', [2])
  expect([...readSet.tags].sort()).toEqual(['Other:2', 'Other:~', 'Thing:1', 'Thing:~'])
})

test('a read set that was only listed to has the tags of no rows', () => {
  const readSet = createReadSet()
  readSet.add('Thing.*')

  expect([...readSet.tags]).toEqual(['Thing.*'])
})

test('the earliest end and the first reason count', () => {
  const readSet = createReadSet()
  expect([readSet.endsAtMs, readSet.forbidden]).toEqual([null, null])

  readSet.endLife(2_000)
  readSet.endLife(1_000)
  readSet.endLife(3_000)
  readSet.forbid('first')
  readSet.forbid('second')

  expect([readSet.endsAtMs, readSet.forbidden]).toEqual([1_000, 'first'])
})

test('what is included limits as if it had been read here', () => {
  const other = createReadSet()
  other.addRow('User', ['u'])
  other.endLife(500)
  const readSet = createReadSet()
  readSet.add('Thing.*')
  readSet.endLife(900)
  readSet.include(other)

  expect([...readSet.tags].sort()).toEqual(['Thing.*', 'User:u', 'User:~'])
  expect([readSet.endsAtMs, readSet.forbidden]).toEqual([500, null])

  other.forbid('no tags')
  readSet.include(other)
  expect(readSet.forbidden).toBe('no tags')
  expect([...other.tags].sort()).toEqual(['User:u', 'User:~'])
})
