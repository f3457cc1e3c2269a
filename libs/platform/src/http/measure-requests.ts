import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../observability/metrics.ts'

/** Counts and times every request, failed ones too (D2-32…34). `endpoint` is the route's template, never the path. */
export function measureRequests(fastify: FastifyInstance, metrics: Metrics): void {
  fastify.addHook('onResponse', async (request, reply) => {
    const endpoint = request.routeOptions.url ?? 'unmatched'
    metrics.requests.inc({ method: request.method, endpoint })
    metrics.latency.observe(
      { method: request.method, endpoint, status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    )
  })
}
