import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfigMap,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
} from 'graphql'
import { AppError } from '../../src/errors.ts'

const nonNull = <T extends ConstructorParameters<typeof GraphQLNonNull>[0]>(type: T) =>
  new GraphQLNonNull(type)

const Color = new GraphQLEnumType({
  name: 'Color',
  values: { RED: { value: 0 }, GREEN: { value: 'g' }, BLUE: {} },
})

/** Refuses what is not `yyyy`, and turns it into a number. */
const Year = new GraphQLScalarType({
  name: 'Year',
  serialize: (value) => `year ${value}`,
  parseValue(value) {
    if (typeof value === 'string' && /^\d{4}$/.test(value)) return Number(value)
    throw new AppError('BAD_USER_INPUT', `A year has four digits, got ${String(value)}`)
  },
})

/** A value of its own class, which does not survive being printed. */
const Instant = new GraphQLScalarType({
  name: 'Instant',
  serialize: (value) => (value instanceof Date ? value.toISOString() : 'not a date'),
  parseValue: (value) => new Date(String(value)),
})

const Range = new GraphQLInputObjectType({
  name: 'Range',
  fields: { from: { type: nonNull(GraphQLInt) }, to: { type: GraphQLInt, defaultValue: 9 } },
})

const Filter = new GraphQLInputObjectType({
  name: 'Filter',
  fields: {
    text: { type: GraphQLString },
    least: { type: GraphQLInt, defaultValue: 1 },
    color: { type: Color, defaultValue: 0 },
    years: { type: new GraphQLList(Year) },
    ranges: { type: new GraphQLList(nonNull(Range)) },
  },
})

const Strict = new GraphQLInputObjectType({
  name: 'Strict',
  fields: { must: { type: nonNull(GraphQLBoolean), defaultValue: true } },
})

const Tree: GraphQLInputObjectType = new GraphQLInputObjectType({
  name: 'Tree',
  fields: () => ({ text: { type: GraphQLString }, and: { type: new GraphQLList(Tree) } }),
})

const By = new GraphQLInputObjectType({
  name: 'By',
  isOneOf: true,
  fields: { id: { type: GraphQLID }, name: { type: GraphQLString } },
})

/** Arguments as a resolver gets them, absent ones left out, in one order. */
function print(_source: unknown, args: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Resolves after that many turns of the promise queue. */
async function later<T>(turns: number, value: T): Promise<T> {
  for (let turn = 0; turn < turns; turn += 1) await undefined
  return value
}

async function fail(turns: number, message: string): Promise<never> {
  await later(turns, null)
  throw new AppError('FORBIDDEN', message)
}

const Named = new GraphQLInterfaceType({
  name: 'Named',
  resolveType: ({ kind }) => kind,
  fields: { name: { type: nonNull(GraphQLString) } },
})

const Living = new GraphQLInterfaceType({
  name: 'Living',
  interfaces: [Named],
  resolveType: ({ kind }) => kind,
  fields: {
    name: { type: nonNull(GraphQLString) },
    age: { type: GraphQLInt },
  },
})

// biome-ignore lint/suspicious/noExplicitAny: each parent is another.
const failures: GraphQLFieldConfigMap<any, unknown> = {
  throws: {
    type: GraphQLString,
    resolve({ name }) {
      throw new AppError('NOT_FOUND', `${name} has none`)
    },
  },
  rejects: { type: GraphQLString, resolve: ({ name }) => fail(1, `${name} says no`) },
  rejectsLate: { type: GraphQLString, resolve: ({ name }) => fail(5, `${name} says no, late`) },
  throwsText: {
    type: GraphQLString,
    resolve() {
      // biome-ignore lint/style/useThrowOnlyError: that is what it is here for.
      throw 'a text'
    },
  },
  returnsError: { type: GraphQLString, resolve: () => new Error('returned') },
  mustBeThere: { type: nonNull(GraphQLString), resolve: () => null },
  mustBeThereLate: { type: nonNull(GraphQLString), resolve: () => later(3, null) },
  mustNotReject: { type: nonNull(GraphQLString), resolve: ({ name }) => fail(2, `${name} failed`) },
  notAnInt: { type: GraphQLInt, resolve: () => 'many' },
  notAColor: { type: Color, resolve: () => 'PINK' },
  notANumber: { type: GraphQLFloat, resolve: () => Number.NaN },
  notAList: { type: new GraphQLList(GraphQLString), resolve: () => 'text' },
  someFail: {
    type: new GraphQLList(GraphQLString),
    resolve: () => [later(2, 'a'), fail(1, 'the second'), 'c', fail(4, 'the fourth')],
  },
  noneMayFail: {
    type: new GraphQLList(nonNull(GraphQLString)),
    resolve: () => [later(2, 'a'), fail(1, 'the second'), 'c'],
  },
}

const Person: GraphQLObjectType = new GraphQLObjectType({
  name: 'Person',
  interfaces: [Living, Named],
  fields: (): typeof failures => ({
    name: { type: nonNull(GraphQLString) },
    age: { type: GraphQLInt },
    email: { type: GraphQLString, resolve: ({ name }) => later(1, `${name}@example.org`) },
    color: { type: Color, resolve: () => 'g' },
    born: { type: Year, resolve: () => 1815 },
    tags: { type: nonNull(new GraphQLList(nonNull(GraphQLString))) },
    friends: {
      type: nonNull(new GraphQLList(Named)),
      args: { first: { type: GraphQLInt, defaultValue: 3 } },
      resolve: (_, { first }) => later(1, people.slice(0, first)),
    },
    friend: { type: Person, resolve: () => later(2, people[1]) },
    pairs: {
      type: new GraphQLList(new GraphQLList(Person)),
      resolve: () => [[people[0], null], null, [later(1, people[1])]],
    },
    echo: {
      type: GraphQLString,
      args: {
        text: { type: GraphQLString },
        times: { type: nonNull(GraphQLInt), defaultValue: 1 },
      },
      resolve: print,
    },
    ...failures,
  }),
})

const Robot = new GraphQLObjectType({
  name: 'Robot',
  interfaces: [Named],
  fields: { name: { type: nonNull(GraphQLString) }, model: { type: GraphQLString }, ...failures },
})

const Place = new GraphQLObjectType({
  name: 'Place',
  fields: { city: { type: GraphQLString }, tags: { type: new GraphQLList(GraphQLString) } },
})

const Thing = new GraphQLUnionType({
  name: 'Thing',
  types: [Person, Robot, Place],
  resolveType: ({ kind }) => kind,
})

/** Tells its type by looking at the value, as no type in front of it says. */
const Stone = new GraphQLObjectType({
  name: 'Stone',
  isTypeOf: async (value) => typeof value === 'object' && value !== null && 'weight' in value,
  fields: { weight: { type: GraphQLInt } },
})

const people = [
  { kind: 'Person', name: 'Ada', age: 36, tags: ['a', 'b'] },
  { kind: 'Person', name: 'Alan', age: null, tags: [] },
  { kind: 'Robot', name: 'Robbie', model: 'R-1' },
]
const things = [...people, { kind: 'Place', city: 'Łódź', tags: [null, 'x'] }, null]

const everyArgument = {
  int: { type: GraphQLInt },
  float: { type: GraphQLFloat },
  string: { type: GraphQLString },
  boolean: { type: GraphQLBoolean },
  id: { type: GraphQLID },
  color: { type: Color },
  year: { type: Year },
  ids: { type: new GraphQLList(nonNull(GraphQLID)) },
  matrix: { type: new GraphQLList(new GraphQLList(GraphQLInt)) },
  filter: { type: Filter },
  withDefault: { type: GraphQLInt, defaultValue: 7 },
  required: { type: nonNull(GraphQLInt), defaultValue: 3 },
}

const Query = new GraphQLObjectType({
  name: 'Query',
  fields: () => ({
    person: { type: Person, resolve: () => later(1, people[0]) },
    required: { type: nonNull(Person), resolve: () => people[0] },
    nobody: { type: Person, resolve: () => null },
    gone: { type: Person, resolve: () => fail(1, 'nobody may') },
    named: { type: new GraphQLList(Named), resolve: () => later(1, people) },
    things: { type: nonNull(new GraphQLList(Thing)), resolve: () => things },
    living: { type: Living, resolve: () => people[0] },
    unknownType: { type: Named, resolve: () => ({ kind: 'Ghost', name: 'Boo' }) },
    args: { type: GraphQLString, args: everyArgument, resolve: print },
    at: { type: Instant, args: { at: { type: Instant } }, resolve: (_, { at }) => at },
    strict: { type: GraphQLString, args: { strict: { type: Strict } }, resolve: print },
    tree: { type: GraphQLString, args: { tree: { type: Tree } }, resolve: print },
    by: { type: GraphQLString, args: { by: { type: By } }, resolve: print },
    stone: { type: Stone, resolve: () => ({ weight: 3 }) },
    falseStone: { type: Stone, resolve: () => ({}) },
    ...failures,
  }),
})

/** A schema with every kind of type, and a failure of every kind at several depths. */
export const executionSchema = new GraphQLSchema({ query: Query, types: [Person, Robot] })
