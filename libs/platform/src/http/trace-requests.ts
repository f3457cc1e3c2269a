import { context, type Span, SpanKind, trace } from '@opentelemetry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { withTraceparent } from '../observability/span.ts'

/** A span for each request, part of the caller's trace where it sent one; jobs that the request enqueues belong to it. */
export function traceRequests(fastify: FastifyInstance): void {
  const spans = new WeakMap<FastifyRequest, Span>()
  // With a callback, not a promise: what follows must run inside the span's context.
  fastify.addHook('onRequest', (request, _reply, done) => {
    const header = request.headers.traceparent
    withTraceparent(typeof header === 'string' ? header : undefined, () => {
      const span = trace.getTracer('balcao').startSpan(request.method, { kind: SpanKind.SERVER })
      spans.set(request, span)
      context.with(trace.setSpan(context.active(), span), done)
    })
  })
  fastify.addHook('onResponse', async (request, reply) => {
    const endpoint = request.routeOptions.url ?? 'unmatched'
    spans
      .get(request)
      ?.updateName(`${request.method} ${endpoint}`)
      .setAttributes({ 'http.route': endpoint, 'http.response.status_code': reply.statusCode })
      .end()
  })
}
