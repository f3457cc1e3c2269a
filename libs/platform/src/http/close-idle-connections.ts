import type { FastifyInstance } from 'fastify'

/** Lets a closing server go as soon as its last answer is sent. Node closes the connections that are idle when closing
 *  begins; one whose answer ends a moment later (a live stream) would else be kept alive for its whole time-out. */
export function closeIdleConnections(fastify: FastifyInstance): void {
  fastify.addHook('preClose', async () => {
    const timer = setInterval(() => fastify.server.closeIdleConnections(), 50)
    fastify.server.once('close', () => clearInterval(timer))
  })
}
