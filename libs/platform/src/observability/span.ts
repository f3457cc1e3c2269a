import { type Attributes, context, isSpanContextValid, SpanStatusCode, trace } from '@opentelemetry/api'

// W3C Trace Context §3.2: version 00, trace id, parent id, flags.
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

/** Runs `work` in a span that is a child of the current one. Attributes are few and never personal. */
export function span<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return trace.getTracer('balcao').startActiveSpan(name, { attributes }, async (current) => {
    try {
      return await work()
    } catch (error) {
      // Only the kind of error: a message may quote what a person typed.
      current.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error)?.name ?? 'Error' })
      throw error
    } finally {
      current.end()
    }
  })
}

/** The current span as a `traceparent` header, to travel with a job or an event. */
export function currentTraceparent(): string | undefined {
  const current = trace.getActiveSpan()?.spanContext()
  if (!current || !isSpanContextValid(current)) return undefined
  return `00-${current.traceId}-${current.spanId}-${current.traceFlags.toString(16).padStart(2, '0')}`
}

/** Runs `work` as a part of the trace that `traceparent` names; one that is absent or malformed begins a new trace. */
export function withTraceparent<T>(traceparent: string | null | undefined, work: () => T): T {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? []
  const spanContext = {
    traceId: traceId ?? '',
    spanId: spanId ?? '',
    traceFlags: Number.parseInt(flags ?? '0', 16),
    isRemote: true,
  }
  const parent = isSpanContextValid(spanContext)
    ? trace.setSpanContext(context.active(), spanContext)
    : trace.deleteSpan(context.active())
  return context.with(parent, work)
}
