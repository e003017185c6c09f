import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { EndedStatement, Listener, Span as Took } from './events.ts'
import { outcomeOf } from './outcome-of.ts'
import type { RequestFacts } from './request-facts.ts'

interface Traced {
  readonly span: Span
  readonly context: Context
  execution: { readonly span: Span; readonly context: Context } | null
}

/**
 * Makes spans of what is told, with the semantic conventions for HTTP, GraphQL and databases. Where a
 * request has a `traceparent` its span is a child of that; `facts.trace` names the span from then on.
 */
export function traceRequests(tracer: Tracer): Listener {
  const traced = new WeakMap<RequestFacts, Traced>()

  /** A span of something that is over. */
  function add(
    parent: Context,
    name: string,
    { startMs, ms }: Took,
    { kind = SpanKind.INTERNAL, isFailed = false, ...attributes }: SpanOptions,
  ): Context {
    const options = { kind, startTime: at(startMs), attributes: present(attributes) }
    const span = tracer.startSpan(name, options, parent)
    if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(at(startMs + ms))
    return trace.setSpan(parent, span)
  }

  return {
    requestBegan(facts) {
      if (facts.route !== 'graphql') return
      const { method, path, startMs } = facts
      const attributes = { 'http.request.method': method, 'http.route': path, 'url.path': path }
      const options = { kind: SpanKind.SERVER, startTime: at(startMs), attributes }
      const parent = remoteContext(facts)
      const span = tracer.startSpan(`${method} ${path}`, options, parent)
      const { traceId, spanId, traceFlags } = span.spanContext()
      traced.set(facts, { span, context: trace.setSpan(parent, span), execution: null })
      facts.trace = { traceId, spanId, isSampled: (traceFlags & TraceFlags.SAMPLED) !== 0 }
    },

    guardPassed(facts, took) {
      const found = traced.get(facts)
      if (found) add(found.context, 'guard', took, {})
    },

    lookUpEnded(facts, lookUp) {
      const found = traced.get(facts)
      if (!found) return
      const { outcome, scope, reason } = lookUp
      add(found.context, 'cache lookup', lookUp, {
        'loadline.cache.outcome': outcome,
        'loadline.cache.scope': scope,
        'loadline.cache.reason': reason,
      })
    },

    turnEnded(facts, turn) {
      const found = traced.get(facts)
      if (!found) return
      add(found.context, 'guard turn', turn, { isFailed: turn.isRefused })
      if (turn.isRefused) return
      const startTime = at(turn.startMs + turn.ms)
      const attributes = present(operationOf(facts))
      const name = facts.operation?.kind ?? 'execute'
      const span = tracer.startSpan(name, { startTime, attributes }, found.context)
      found.execution = { span, context: trace.setSpan(found.context, span) }
    },

    executionEnded(facts, { startMs, ms }) {
      const found = traced.get(facts)
      found?.execution?.span.end(at(startMs + ms))
      if (found) found.execution = null
    },

    statementEnded(facts, ended) {
      const found = facts && traced.get(facts)
      if (!found) return
      const { paths, batch, isFailed } = ended
      const parent = found.execution?.context ?? found.context
      const fields = { 'loadline.batch.loads': batch, 'loadline.fields': [...paths] }
      const isBatch = paths.length > 0
      const own = isBatch
        ? add(parent, `batch ${paths[0]}`, ended, { isFailed, ...fields })
        : parent
      const { operation, name, attributes } = describeStatement(ended)
      add(own, name, ended, {
        ...{ kind: SpanKind.CLIENT, isFailed, 'db.operation.name': operation },
        ...attributes,
      })
    },

    announceEnded({ tags, isFailed, ...took }) {
      if (tags.length === 0) return
      add(ROOT_CONTEXT, 'cache announce', took, { isFailed, 'loadline.tags': tags.length })
    },

    requestEnded(facts) {
      const found = traced.get(facts)
      if (!found) return
      const { status, codes, startMs, ms } = facts
      const { span } = found
      span.setAttributes(
        present({
          ...operationOf(facts),
          'http.response.status_code': status,
          'error.type': codes[0] ?? (status >= 500 ? String(status) : null),
        }),
      )
      if (outcomeOf(facts) === 'failed') span.setStatus({ code: SpanStatusCode.ERROR })
      found.execution?.span.end(at(startMs + ms))
      span.end(at(startMs + ms))
    },
  }
}

type SpanOptions = Readonly<Record<string, Attributes[string] | null>> & {
  readonly kind?: SpanKind
  readonly isFailed?: boolean
}

/** Milliseconds since the epoch, from those of `performance.now()`. */
function at(ms: number): number {
  return performance.timeOrigin + ms
}

function remoteContext({ trace: sender }: RequestFacts): Context {
  if (!sender) return ROOT_CONTEXT
  const { traceId, spanId, isSampled } = sender
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true })
}

function operationOf({ operation }: RequestFacts) {
  return {
    'graphql.operation.name': operation?.name ?? null,
    'graphql.operation.type': operation?.kind ?? null,
  }
}

function describeStatement({ statement, rows }: EndedStatement) {
  const [operation = 'SQL'] = /^\s*(\w+)/.exec(statement.text)?.slice(1) ?? []
  const [, table = null] = /\b(?:FROM|INTO|UPDATE)\s+"(\w+)"/.exec(statement.text) ?? []
  return {
    operation,
    name: table === null ? operation : `${operation} ${table}`,
    attributes: {
      'db.system.name': 'postgresql',
      'db.collection.name': table,
      'db.query.text': statement.text,
      'db.response.returned_rows': rows,
    },
  }
}

function present(attributes: Readonly<Record<string, Attributes[string] | null>>): Attributes {
  const all: Attributes = {}
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) all[name] = value
  }
  return all
}
