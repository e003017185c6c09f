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
import { createAggregateLoader } from './aggregate-loader.ts'
import { createBatches } from './batch.ts'
import { type CheckRequest, createCheckLoader } from './check-loader.ts'
import { listTags } from './dependencies.ts'
import type { AggregateRequest } from './figure-groups.ts'
import type { FigureMemory } from './figure-memory.ts'
import { createJudge, type Judge } from './judge.ts'
import { createPageLoader, type LoadedPage, type PageRequest } from './page-loader.ts'
import {
  createRowLoader,
  type LoaderParts,
  type RowLoader,
  type RowRequest,
  type RowsRequest,
} from './row-loader.ts'
import { type Asker, createStatementRunner } from './run-statement.ts'
import { factsOfRow, noFacts, specialise } from './specialise.ts'
import { parseWhere } from './where.ts'

/** Everything that one operation reads, batched; made for one request and never shared. */
export interface Loaders {
  readonly datamodel: Datamodel
  /** What fields have worked out once for all rows of this operation. */
  readonly memory: Map<object, unknown>
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
  /** The loaded row, which has the rule's columns (`columnsToCheck`), if the rule holds for it; else null. */
  rowIf(rule: Condition, loaded: LoadedRow): Row | null | Promise<Row | null>
  /** Rows of a whole model counted and summed by a value; for figures about everything. */
  groups(request: GroupsRequest, asker: Asker): Promise<readonly Group[]>
}

/** One of several: an error where it could not be read, a promise where its rule looks further. */
export type FoundRow = Row | null | Error | Promise<Row | null>

export interface LoadedRow {
  readonly model: Model
  readonly row: Row
  readonly asker: Asker
}

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
  /** Not for reads within a transaction. @default null: every figure is worked out */
  readonly figureMemory?: FigureMemory | null
  /** Told of every statement. @default nobody */
  readonly tell?: ((ended: EndedStatement) => void) | undefined
  /** As `StatementRunnerOptions` has it. */
  readonly comment?: string | null | undefined
  /** False runs each load by itself. @default true */
  readonly isBatching?: boolean
}

export function createLoaders(options: LoadersOptions): Loaders {
  return new RequestLoaders(options)
}

/** A class, and its parts made when they are asked for: most requests ask for few of them. */
class RequestLoaders implements Loaders {
  readonly datamodel: Datamodel
  readonly memory = new Map<object, unknown>()
  readonly #viewer: Viewer
  readonly #parts: LoaderParts
  #rows: RowLoader | null = null
  #judge: Judge | null = null
  #check: ReturnType<typeof createCheckLoader> | null = null
  #loadPage: Loaders['loadPage'] | null = null
  #loadAggregate: Loaders['loadAggregate'] | null = null

  constructor(options: LoadersOptions) {
    const {
      datamodel,
      statements,
      viewer,
      readSet,
      isBatching = true,
      figureMemory = null,
    } = options
    this.datamodel = datamodel
    this.#viewer = viewer
    const runner = createStatementRunner(options)
    const batches = createBatches({ isBatching })
    this.#parts = { datamodel, batches, statements, runner, readSet, figureMemory }
  }

  findRow(request: RowRequest, rule?: Condition): Promise<Row | null> {
    this.#rows ??= createRowLoader(this.#parts)
    const loading = this.#rows.load(request)
    if (!rule) return loading
    const { plan, asker } = request
    return loading.then((row) => row && this.rowIf(rule, { model: plan.model, row, asker }))
  }

  async findGivenRow({ plan, values, asker }: RowRequest, rule?: Condition): Promise<Row | null> {
    const [row = null] = await this.findGivenRows({ plan, keys: [values], asker }, rule)
    if (row instanceof Error) throw row
    return row
  }

  async findGivenRows(request: RowsRequest, rule?: Condition): Promise<readonly FoundRow[]> {
    this.#rows ??= createRowLoader(this.#parts)
    const found = await this.#rows.loadAll(request)
    if (!rule) return found
    const { model } = request.plan
    const rests: CheckRequest[] = []
    const places = found.map((row) => {
      if (row instanceof Error) return row
      const condition = row ? specialise(rule, factsOfRow(model, row), this.#viewer) : never
      if (!row || condition.kind === 'never') return this.#lookForNobody(rule, request)
      return rests.push({ model, row, asker: request.asker, condition }) - 1
    })
    this.#judge ??= createJudge(this.#parts)
    const judged = await this.#judge.all(rule, rests)
    return places.map((place) => (typeof place === 'number' ? (judged[place] ?? null) : place))
  }

  loadPage(request: PageRequest): Promise<LoadedPage> {
    this.#loadPage ??= createPageLoader(this.#parts)
    return this.#loadPage(request)
  }

  loadAggregate(request: AggregateRequest): Promise<readonly unknown[]> {
    this.#loadAggregate ??= createAggregateLoader(this.#parts)
    return this.#loadAggregate(request)
  }

  rowIf(rule: Condition, { model, row, asker }: LoadedRow): Row | null | Promise<Row | null> {
    const condition = specialise(rule, factsOfRow(model, row), this.#viewer)
    this.#judge ??= createJudge(this.#parts)
    return this.#judge.one(rule, { model, row, asker, condition })
  }

  /** Whatever it finds: some hidden rows take a look, so all of them do. */
  #lookForNobody(rule: Condition, { plan: { model }, asker }: RowsRequest): null | Promise<null> {
    const condition = specialise(rule, noFacts, this.#viewer)
    if (relatedParts(condition).length === 0) return null
    this.#check ??= createCheckLoader(this.#parts)
    const looking = this.#check({ model, row: emptyRow(model), condition, asker }).then(() => null)
    looking.catch(() => undefined) // reported at its place, when the others are judged
    return looking
  }

  async groups(request: GroupsRequest, asker: Asker): Promise<readonly Group[]> {
    const { model: name, by, where } = request
    const sum = request.sum ?? null
    const { datamodel, runner, readSet } = this.#parts
    const model = getModel(datamodel, name)
    const condition = specialise(parseWhere(datamodel, name, where), noFacts, this.#viewer)
    const compiled = compileGroups({ datamodel, model, by, sum, condition })
    const aggregated = [typeof by === 'string' ? by : by.month, ...(sum === null ? [] : [sum])]
    for (const tag of listTags({ datamodel, model, condition, aggregated })) readSet.add(tag)
    const raws = await runner.run(createStatement(compiled.text), compiled.values, [asker])
    return raws.map((raw) => ({
      key: String(raw[0]),
      count: Number(raw[1]),
      sum: Number(raw[2]),
    }))
  }
}

function emptyRow(model: Model): Row {
  return Object.fromEntries(Object.keys(model.columns).map((name) => [name, null]))
}
