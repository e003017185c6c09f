import SchemaBuilder from '@pothos/core'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { datamodel, type Models } from '../../src/generated/datamodel.ts'
import { createEntities } from '../../src/loaders/create-entities.ts'
import { createEntityBuilder } from '../../src/loaders/entity.ts'
import type { EntityRef } from '../../src/loaders/entity-types.ts'
import type { LoaderContext } from '../../src/loaders/loader-context.ts'
import type { PothosBuilder } from '../../src/loaders/pothos.ts'
import { anyOf, viewerId, type Where } from '../../src/loaders/where.ts'

const builder = new SchemaBuilder({}) as unknown as PothosBuilder // the part that entities use
const entity = createEntityBuilder<Models, LoaderContext, object>(builder, datamodel)
const description = 'x'

/** Only its types are looked at: the fields of a type are not made before the schema is. */
function declare(fields: Parameters<typeof entity.view<'Course'>>[1]['fields']): void {
  void fields
}

describe('a builder', () => {
  test('must have a context with what loaders need', () => {
    const without = new SchemaBuilder<{ Context: { readonly user: string } }>({})
    const within = new SchemaBuilder<{ Context: LoaderContext & { readonly user: string } }>({})

    // @ts-expect-error the context has no loaders
    void (() => createEntities(without, datamodel))
    expect(createEntities(within, datamodel)).toHaveProperty('object')
  })
})

describe('names that the datamodel does not have do not compile', () => {
  test('relations', () => {
    declare((t) => ({ teacher: t.one('teacher', { description }) }))
    // @ts-expect-error no such relation
    declare((t) => ({ teacher: t.one('instructor', { description }) }))
    // @ts-expect-error one leads to one row
    declare((t) => ({ lessons: t.one('lessons', { description }) }))
    // @ts-expect-error many leads to many
    declare((t) => ({ teacher: t.many('teacher', { description, orderBy: [] }) }))
  })

  test('columns', () => {
    declare((t) => ({ title: t.column('title', { description }) }))
    // @ts-expect-error no such column
    declare((t) => ({ title: t.column('name', { description }) }))
    declare((t) => ({
      label: t.derived({
        description,
        type: 'String',
        nullable: false,
        columns: ['title'],
        // @ts-expect-error only declared columns are read
        resolve: (row) => row.summary,
      }),
    }))
  })

  test('orders', () => {
    declare((t) => ({
      lessons: t.many('lessons', { description, orderBy: [{ position: 'asc' }] }),
    }))
    declare((t) => ({
      // @ts-expect-error no such column to order by
      lessons: t.many('lessons', { description, orderBy: [{ rank: 'asc' }] }),
    }))
    declare((t) => ({
      // @ts-expect-error no such direction
      lessons: t.many('lessons', { description, orderBy: [{ position: 'up' }] }),
    }))
  })

  test('filters and guards', () => {
    declare((t) => ({ n: t.count('enrollments', { description, where: { status: 'ACTIVE' } }) }))
    // @ts-expect-error no such member of the enum
    declare((t) => ({ n: t.count('enrollments', { description, where: { status: 'OPEN' } }) }))
    declare((t) => ({ title: t.column('title', { description, guard: { teacherId: viewerId } }) }))
    // @ts-expect-error no such column of the row that is guarded
    declare((t) => ({ title: t.column('title', { description, guard: { ownerId: viewerId } }) }))
  })

  test('aggregated columns', () => {
    declare((t) => ({ mean: t.average('enrollments', 'progress', { description }) }))
    // @ts-expect-error no such column of the relation's rows
    declare((t) => ({ mean: t.average('enrollments', 'grade', { description }) }))
  })

  test('models', () => {
    expect(() =>
      // @ts-expect-error no such model
      entity.view('Nothing', { model: 'Nothing', description, fields: () => ({}) }),
    ).toThrow('The Prisma schema has no model "Nothing"')
  })
})

test('rules are checked through relations', () => {
  type Rule = Where<Models, 'Enrollment'>
  const rule: Rule = anyOf({ course: { teacher: { role: 'TEACHER' } } }, { studentId: viewerId })
  expectTypeOf(rule).toExtend<Rule>()
  // @ts-expect-error a teacher has no such column
  const wrong: Rule = { course: { teacher: { salary: 1 } } }
  expectTypeOf(wrong).toExtend<Rule>()
})

test('an entity carries its model, so that a key of another does not fit', () => {
  const Course: EntityRef<'Course'> = { name: 'Course', model: 'Course' }
  type Fields = Parameters<typeof entity.query>[0]
  const find: Fields = (t) => ({
    course: t.one(Course, { description, by: () => ({ slug: 'a' }) }),
  })
  const by = () => ({ email: 'a' })
  // @ts-expect-error a course has no e-mail address
  const wrong: Fields = (t) => ({ course: t.one(Course, { description, by }) })
  expectTypeOf(find).toExtend<Fields>()
  expectTypeOf(wrong).toExtend<Fields>()
})
