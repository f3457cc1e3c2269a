import type { FastifyInstance } from 'fastify'

/** Milliseconds that requests in hand may still take. */
const PATIENCE = 3000

/** Lets a closing server go soon after its last answer. Node closes the connections that are idle when closing begins;
 *  one whose answer ends a moment later (a live stream) would be kept alive for its whole time-out, and one on which
 *  nothing was ever asked for a minute. */
export function closeIdleConnections(fastify: FastifyInstance): void {
  fastify.addHook('preClose', async () => {
    const { server } = fastify
    const idle = setInterval(() => server.closeIdleConnections(), 50)
    const all = setTimeout(() => server.closeAllConnections(), PATIENCE)
    server.once('close', () => {
      clearInterval(idle)
      clearTimeout(all)
    })
  })
}
