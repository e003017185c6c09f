import {
  type Answer,
  type Bench,
  brief,
  either,
  type Fault,
  type Place,
  read,
  timed,
} from './bench.ts'
import { type Asked, readDocument } from './document.ts'
import type { FieldSpec, Subject } from './field-spec.ts'
import { fields, isTargetVisible } from './fields.ts'
import type { History } from './history.ts'
import { judgeLeaderboard } from './judge-leaderboard.ts'
import { judgeConnection } from './judge-list.ts'
import { no, over, type Tri, yes } from './kleene.ts'
import { membersOf, rawId } from './lists.ts'
import { createView, type Window } from './view.ts'

/**
 * Every fault of an answer, atom by atom: each value, membership, count and sum must be what it was
 * in one of the states that are possible in the window, whichever the others were in.
 */
export function judge(answer: Answer, history: History, window: Window): readonly Fault[] {
  const { document, variables, viewerId, data, errors } = answer
  const view = createView(history, viewerId, window)
  const faults: Fault[] = []
  const report = (fault: Fault) => void faults.push(fault)
  const isThere = viewerId === null ? yes : view.one('User', viewerId, () => yes)
  const isRefused = errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')
  if (isRefused || isThere === no) {
    const expected = isRefused ? 'an answer: the viewer exists' : 'UNAUTHENTICATED'
    const got = isRefused ? 'UNAUTHENTICATED' : 'an answer'
    const isRight = isRefused ? isThere !== yes : isThere !== no
    if (!isRight) report({ path: '', expected, got, rows: [`User:${viewerId}`] })
    return faults
  }
  const forbidden = new Set(
    errors
      .filter(({ extensions }) => extensions?.code === 'FORBIDDEN')
      .map(({ path = [] }) => path.map((step) => `.${step}`).join('')),
  )
  const bench: Bench = { view, variables, forbidden, report, object: judgeObject }
  judgeObject('Query', '', { asked: readDocument(document)('Query'), value: data, path: '' })
  return faults

  function judgeObject(type: string, id: string, { asked, value, path }: Place) {
    for (const field of asked) {
      const place = { path: `${path}.${field.alias}`, value: read(value, field.alias) }
      if (field.name === '__typename' || field.name === 'id') continue
      const spec = fields[`${type}.${field.name}`]
      if (!spec) throw new Error(`The checker knows no field ${type}.${field.name}`)
      judgeField(bench, spec, { type, id, field, ...place })
    }
  }
}

interface At {
  readonly type: string
  readonly id: string
  readonly field: Asked
  readonly path: string
  readonly value: unknown
}

function judgeField(bench: Bench, spec: FieldSpec, at: At) {
  const { view, variables, forbidden, report } = bench
  const { type, id, path, value } = at
  const subject = { view, id, args: at.field.args(variables) }
  const rows = id === '' ? [] : [`${ownerOf(type)}:${id}`]
  if (spec.guard) {
    const { guard } = spec
    const isOpen: Tri =
      id === ''
        ? guard(view, {})
        : over(view.possible(ownerOf(type), id), (row) => (row === null ? no : guard(view, row)))
    const isForbidden = forbidden.has(path)
    if (isForbidden && isOpen === yes)
      report({ path, expected: 'to be allowed', got: 'FORBIDDEN', rows })
    if (!isForbidden && isOpen === no) {
      report({ path, expected: 'FORBIDDEN', got: brief(value), rows })
    }
    if (isForbidden || isOpen === no) return
  }
  judgeValue(bench, spec, { ...at, subject, rows })
}

function judgeValue(
  bench: Bench,
  spec: FieldSpec,
  at: At & { readonly subject: Subject; readonly rows: readonly string[] },
) {
  const { view, report } = bench
  const { type, id, field, path, value, subject, rows } = at
  switch (spec.kind) {
    case 'column': {
      const values = view.possible(type, id).map((row) => row?.[spec.column])
      const isRight = values.some((possible) => possible !== undefined && possible === timed(value))
      if (!isRight) report({ path, expected: either(values), got: brief(value), rows })
      return
    }
    case 'one':
      return judgeOne(bench, spec, at)
    case 'view':
      return bench.object(spec.type, id, { asked: field.selections(spec.type), value, path })
    case 'list':
      return judgeConnection(bench, spec.list, { ...at, args: subject.args })
    case 'only': {
      const members = membersOf(spec.list, view, { parentId: id, args: subject.args })
      const found = rawId(read(value, 'id'))
      const isRight =
        value === null
          ? members.every(({ isIn }) => isIn !== yes)
          : members.some((member) => member.id === found && member.isIn !== no)
      const { model } = spec.list
      const about = members.map((member) => `${model}:${member.id}`)
      if (!isRight) report({ path, expected: either(about), got: brief(value), rows: about })
      if (value === null || !isRight) return
      return bench.object(model, found, { asked: field.selections(model), value, path })
    }
    case 'figure': {
      const possible = spec.possible(subject)
      if (!possible.has(value)) report({ path, expected: possible.words, got: brief(value), rows })
      return
    }
    case 'figures': {
      const { nameField, valueField, figures } = spec.possible(subject)
      const listed = new Map(
        (value as readonly unknown[]).map((one) => [read(one, nameField), read(one, valueField)]), // a list by the schema
      )
      for (const [name, possible] of figures) {
        const got = listed.get(name) ?? 0
        if (!possible.has(got)) {
          report({ path: `${path}.${name}`, expected: possible.words, got: brief(got), rows })
        }
      }
      return
    }
    case 'leaderboard':
      return judgeLeaderboard(bench, { ...at, args: subject.args })
  }
}

/** A row that another one leads to: one that it may lead to, and that may be seen. */
function judgeOne(
  bench: Bench,
  spec: FieldSpec & { readonly kind: 'one' },
  {
    type,
    id,
    field,
    path,
    value,
    subject,
    rows,
  }: At & { subject: Subject; rows: readonly string[] },
) {
  const { view, report } = bench
  const model = spec.model ?? typeIn(subject.args.id)
  const parents = id === '' ? [{}] : view.possible(ownerOf(type), id).filter((row) => row !== null)
  const targets = parents.map((row) => {
    const target = spec.targets(subject, row)
    return { ...target, isSeen: isTargetVisible(view, model, target) }
  })
  const found = value === null ? null : rawId(read(value, 'id'))
  const isRight = targets.some((target) =>
    found === null ? target.isSeen !== yes : target.id === found && target.isSeen !== no,
  )
  if (!isRight) {
    const expected = targets.map((target) => (target.isSeen === no ? null : target.id))
    const about = targets.flatMap((target) => (target.id ? [`${model}:${target.id}`] : []))
    report({ path, expected: either(expected), got: brief(found), rows: [...rows, ...about] })
    return
  }
  if (found !== null) bench.object(model, found, { asked: field.selections(model), value, path })
}

/** The model whose row a type's fields are about. */
function ownerOf(type: string): string {
  if (type === 'CourseStats') return 'Course'
  return /Dashboard$/.test(type) ? 'User' : type
}

function typeIn(globalId: unknown): string {
  return Buffer.from(String(globalId), 'base64url').toString('utf8').split(':')[0] ?? ''
}
