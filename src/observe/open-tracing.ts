import type { Listener } from './events.ts'
import { traceRequests } from './trace-requests.ts'

export interface Tracing extends AsyncDisposable {
  readonly listener: Listener
}

/** Tracing is asked for and cannot be had; the message says what to do. */
export class TracingError extends Error {
  override readonly name = 'TracingError'
}

type Env = Readonly<Record<string, string | undefined>>

/**
 * Sends spans as the standard `OTEL_*` variables say; null where they ask for nothing. The SDK is
 * loaded only here, as most processes do not need it.
 *
 * @throws TracingError when its packages are not installed, or another exporter than OTLP is wanted
 */
export async function openTracing(env: Env, load = loadSdk): Promise<Tracing | null> {
  const exporter = env.OTEL_TRACES_EXPORTER || null
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (env.OTEL_SDK_DISABLED === 'true' || exporter === 'none') return null
  if (exporter === null && !endpoint) return null
  if (exporter !== null && exporter !== 'otlp') {
    throw new TracingError(`OTEL_TRACES_EXPORTER: wanted otlp or none, got "${exporter}"`)
  }
  const { base, otlp, resources } = await load().catch((cause) => {
    throw new TracingError(
      `OTEL_* variables ask for traces, but the SDK cannot be loaded. Install it with: npm install ${sdkPackages.join(' ')}`,
      { cause },
    )
  })
  const named = resources.resourceFromAttributes({ 'service.name': 'loadline' })
  const detected = resources.detectResources({ detectors: [resources.envDetector] })
  const provider = new base.BasicTracerProvider({
    resource: resources.defaultResource().merge(named).merge(detected),
    spanProcessors: [new base.BatchSpanProcessor(new otlp.OTLPTraceExporter())],
  })
  return {
    listener: traceRequests(provider.getTracer('loadline')),
    // What is still to be sent gets its time; a collector that is gone keeps nobody.
    [Symbol.asyncDispose]: () => provider.shutdown().catch(() => {}),
  }
}

const sdkPackages = [
  '@opentelemetry/sdk-trace-base',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/resources',
]

async function loadSdk() {
  const [base, otlp, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  return { base, otlp, resources }
}
