import type { Viewer } from '../guard/viewer.ts'
import type { EndedStatement } from '../observe/events.ts'
import type { Cancellation } from '../sql/cancellation.ts'
import { compileGroups } from '../sql/compile-groups.ts'
import { type Condition, never, relatedParts } from '../sql/condition.ts'
import type { Queryable } from '../sql/database.ts'
import { type Datamodel, getModel, type Model } from '../sql/datamodel.ts'
import type { Row } from '../sql/decode.ts'
import { createStatement, type StatementCache } from '../sql/statements.ts'
import type { Tally } from '../sql/tally.ts'
import type { ReadSet } from '../tags/read-set.ts'
import { type AggregateRequest, createAggregateLoader } from './aggregate-loader.ts'
import { createBatches } from './batch.ts'
import { createCheckLoader } from './check-loader.ts'
import { listTags } from './dependencies.ts'
import { createJudge } from './judge.ts'
import { createPageLoader, type LoadedPage, type PageRequest } from './page-loader.ts'
import { createRowLoader, type RowRequest, type RowsRequest } from './row-loader.ts'
import { type Asker, createStatementRunner } from './run-statement.ts'
import { factsOfRow, noFacts, specialise } from './specialise.ts'
import { parseWhere } from './where.ts'

/** Everything that one operation reads, batched; made for one request and never shared. */
export interface Loaders {
  readonly datamodel: Datamodel
  /** What fields have worked out once for all rows of this operation. */
  readonly memory: WeakMap<object, unknown>
  /**
   * A row by a unique key; null when there is none, or when the rule hides it from the viewer. The
   * plan's columns must include those of the rule (`columnsToCheck`).
   */
  findRow(request: RowRequest, rule?: Condition): Promise<Row | null>
  /**
   * The same for a key that a client brings, who could count statements: a row that is hidden takes
   * as many as one that is not there.
   */
  findGivenRow(request: RowRequest, rule?: Condition): Promise<Row | null>
  /** Several such rows, in the order of their keys. */
  findGivenRows(request: RowsRequest, rule?: Condition): Promise<readonly FoundRow[]>
  loadPage(request: PageRequest): Promise<LoadedPage>
  loadAggregate(request: AggregateRequest): Promise<readonly unknown[]>
  /** Whether a rule holds for a loaded row that has the rule's columns (`columnsToCheck`). */
  holds(model: Model, row: Row, rule: Condition, asker: Asker): boolean | Promise<boolean>
  /** Rows of a whole model counted and summed by a value; for figures about everything. */
  groups(request: GroupsRequest, asker: Asker): Promise<readonly Group[]>
}

/** One of several: an error where it could not be read, a promise where its rule looks further. */
export type FoundRow = Row | null | Error | Promise<Row | null>

export interface GroupsRequest {
  readonly model: string
  /** A column, or the month (`YYYY-MM`, UTC) of a time. */
  readonly by: string | { readonly month: string }
  readonly sum?: string
  readonly where?: unknown
}

export interface Group {
  readonly key: string
  readonly count: number
  readonly sum: number
}

export interface LoadersOptions {
  readonly datamodel: Datamodel
  readonly queryable: Queryable
  readonly statements: StatementCache
  readonly viewer: Viewer
  readonly tally: Tally
  readonly readSet: ReadSet
  readonly signal?: Cancellation | undefined
  /** Told of every statement. @default nobody */
  readonly tell?: ((ended: EndedStatement) => void) | undefined
  /** As `StatementRunnerOptions` has it. */
  readonly comment?: string | null | undefined
  /** False runs each load by itself. @default true */
  readonly isBatching?: boolean
}

export function createLoaders(options: LoadersOptions): Loaders {
  const { datamodel, statements, viewer, readSet } = options
  const runner = createStatementRunner(options)
  const batches = createBatches({ isBatching: options.isBatching ?? true })
  const parts = { datamodel, batches, statements, runner, readSet }
  const rows = createRowLoader(parts)
  const judge = createJudge(parts)
  const check = createCheckLoader(parts)

  function holds(model: Model, row: Row, rule: Condition, asker: Asker) {
    return judge(rule, {
      model,
      row,
      asker,
      condition: specialise(rule, factsOfRow(model, row), viewer),
    })
  }

  function findVisible(request: RowRequest, rule: Condition): Promise<Row | null> {
    const { plan, asker } = request
    return rows
      .load(request)
      .then((row) => row && ifVisible(row, holds(plan.model, row, rule, asker)))
  }

  async function findGivenRows(
    request: RowsRequest,
    rule?: Condition,
  ): Promise<readonly FoundRow[]> {
    const found = await rows.loadAll(request)
    if (!rule) return found
    return found.map((row) => (row instanceof Error ? row : judgeGiven(row, request, rule)))
  }

  function judgeGiven(row: Row | null, { plan, asker }: RowsRequest, rule: Condition) {
    const { model } = plan
    const condition = row ? specialise(rule, factsOfRow(model, row), viewer) : never
    if (row && condition.kind !== 'never') {
      return ifVisible(row, judge(rule, { model, row, asker, condition }))
    }
    const unknown = specialise(rule, noFacts, viewer)
    if (relatedParts(unknown).length === 0) return null
    // Looks for nobody's row, whatever it finds: some hidden rows take a look, so all of them do.
    return check({ model, row: emptyRow(model), condition: unknown, asker }).then(() => null)
  }

  return {
    datamodel,
    memory: new WeakMap(),
    loadPage: createPageLoader(parts),
    loadAggregate: createAggregateLoader(parts),
    holds,
    findRow(request, rule) {
      return rule ? findVisible(request, rule) : rows.load(request)
    },
    async findGivenRow({ plan, values, asker }, rule) {
      const [row = null] = await findGivenRows({ plan, keys: [values], asker }, rule)
      if (row instanceof Error) throw row
      return row
    },
    findGivenRows,
    async groups({ model: name, by, sum = null, where }, asker) {
      const model = getModel(datamodel, name)
      const condition = specialise(parseWhere(datamodel, name, where), noFacts, viewer)
      const compiled = compileGroups({ datamodel, model, by, sum: sum ?? null, condition })
      const aggregated = [typeof by === 'string' ? by : by.month, ...(sum === null ? [] : [sum])]
      for (const tag of listTags({ datamodel, model, condition, aggregated })) {
        readSet.add(tag)
      }
      const raws = await runner.run(createStatement(compiled.text), compiled.values, [asker])
      return raws.map((raw) => ({
        key: String(raw[0]),
        count: Number(raw[1]),
        sum: Number(raw[2]),
      }))
    },
  }
}

function emptyRow(model: Model): Row {
  return Object.fromEntries(Object.keys(model.columns).map((name) => [name, null]))
}

/** The row, or null where the verdict hides it: at once where it is known. */
export function ifVisible(
  row: Row,
  verdict: boolean | Promise<boolean>,
): Row | null | Promise<Row | null> {
  if (typeof verdict === 'boolean') return verdict ? row : null
  return verdict.then((isVisible) => (isVisible ? row : null))
}
