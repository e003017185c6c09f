import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  visit,
} from 'graphql'
import type { Random } from '../workload/random.ts'

const folder = fileURLToPath(new URL('../../../src/sdk/operations/', import.meta.url))

/** A query of the SDK with the fragments that it needs, and the names of its variables. */
export interface ScreenDocument {
  readonly name: string
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
}

export function readScreens(): readonly ScreenDocument[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'))
  const definitions = files.flatMap(
    (file) => parse(readFileSync(`${folder}${file}`, 'utf8')).definitions,
  )
  return definitions.flatMap((operation) => {
    const isQuery = operation.kind === Kind.OPERATION_DEFINITION && operation.operation === 'query'
    if (!isQuery) return []
    const used = fragmentsOf([operation], definitions)
    const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...used] }
    return [{ name: operation.name?.value ?? '', document, operation }]
  })
}

function fragmentsOf(
  from: DocumentNode['definitions'],
  all: DocumentNode['definitions'],
): DocumentNode['definitions'] {
  const names = new Set<string>()
  const collect = (definitions: DocumentNode['definitions']) => {
    visit(
      { kind: Kind.DOCUMENT, definitions },
      {
        FragmentSpread({ name: { value } }) {
          if (names.has(value)) return
          names.add(value)
          collect(all.filter((one) => isFragment(one) && one.name.value === value))
        },
      },
    )
  }
  collect(from)
  return all.filter((one) => isFragment(one) && names.has(one.name.value))
}

const isFragment = (one: DocumentNode['definitions'][number]) =>
  one.kind === Kind.FRAGMENT_DEFINITION

/**
 * What a cache that keeps things under names of the client's choosing may stumble over. Not `then`: with
 * it Yoga's executor takes an object of an answer for a promise, and fails with or without a cache.
 */
const hostileNames =
  `__proto__ constructor prototype toString hasOwnProperty __typename_ viewer session role id data
  errors extensions public own ANONYMOUS ADMIN null undefined __lookupGetter__ valueOf toJSON`.split(
    /\s+/,
  )

/** The same question in other words: other names, aliases, fragments, a part left out or asked twice. */
export function disguise({ document }: ScreenDocument, random: Random): string {
  const changed = visit(document, {
    OperationDefinition: (operation) =>
      random.chance(0.5)
        ? { ...operation, name: { kind: Kind.NAME, value: random.pick(hostileNames) } }
        : undefined,
    Field: (field) => renamed(field, random),
    SelectionSet: (set, _key, parent) => {
      const isOfOperation =
        parent !== undefined && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION
      const selections = set.selections.flatMap((one) => inParts(one, random))
      return isOfOperation && random.chance(0.3)
        ? {
            ...set,
            selections: [{ kind: Kind.INLINE_FRAGMENT, selectionSet: { ...set, selections } }],
          }
        : { ...set, selections }
    },
  })
  return `${print(changed)}${random.chance(0.3) ? '\n# asked by nobody' : ''}`
}

function renamed(field: FieldNode, random: Random): FieldNode | undefined {
  if (!random.chance(0.12)) return undefined
  return { ...field, alias: { kind: Kind.NAME, value: random.pick(hostileNames) } }
}

function inParts(selection: SelectionNode, random: Random): readonly SelectionNode[] {
  if (selection.kind !== Kind.FIELD || !random.chance(0.1)) return [selection]
  const directive = random.pick(['include', 'skip'])
  const value = random.chance(0.7) === (directive === 'include')
  return [
    {
      kind: Kind.INLINE_FRAGMENT,
      directives: [
        {
          ...{ kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: directive } },
          arguments: [
            {
              ...{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'if' } },
              value: { kind: Kind.BOOLEAN, value },
            },
          ],
        },
      ],
      selectionSet: { kind: Kind.SELECTION_SET, selections: [selection] },
    },
  ]
}
