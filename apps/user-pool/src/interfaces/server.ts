import { randomUUID } from 'node:crypto'
import type { Ground, Running } from '@balcao/platform'
import { closeIdleConnections, measureRequests } from '@balcao/platform/fastify'
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import type { UserPoolUseCases } from '../open.ts'
import { perform } from './aws-json.ts'
import { allowBrowsers } from './cors.ts'
import { requireSignature } from './signed-request.ts'
import { serveDiscovery } from './well-known.ts'
import { WireError } from './wire-error.ts'

const AWS_JSON = 'application/x-amz-json-1.1'
/** Bytes; Cognito's longest member has 128 KiB. */
const BODY_LIMIT = 256 * 1024
/** Milliseconds for a whole request to arrive. */
const REQUEST_TIMEOUT = 30_000

/** Answers Cognito's protocol on the pool's port until it is closed. */
export async function serve(pool: UserPoolUseCases, ground: Ground): Promise<Running> {
  const server = createServer(pool, ground)
  const { host, ports } = ground.config
  await server.listen({ host, port: ports.userPool })
  return { close: () => server.close() }
}

/** The pool's HTTP server: Cognito's wire protocol at `POST /`, discovery, health. */
function createServer({ operations, discovery, health }: UserPoolUseCases, ground: Ground): FastifyInstance {
  const { clock, config, log, metrics } = ground
  const answerError = (error: unknown, reply: FastifyReply) => {
    const { type, message, status } = asWireError(error)
    if (status >= 500) log.error({ err: error }, 'the user pool failed')
    return reply
      .code(status)
      .headers({ 'x-amzn-requestid': randomUUID(), 'x-amzn-errortype': type })
      .type(AWS_JSON)
      .send(JSON.stringify({ __type: type, message }))
  }
  const server = fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, _request, reply) => answerError(error, reply as FastifyReply),
  })
  closeIdleConnections(server)
  measureRequests(server, metrics)
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  allowBrowsers(server)

  server.post('/', async (request, reply) => {
    const started = performance.now()
    const target = request.headers['x-amz-target']
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const answer = await perform(operations, {
      target: typeof target === 'string' ? target : undefined,
      body,
      caller: { address: request.ip },
      requireSignature: () => {
        const [path = '/', query = ''] = request.url.split('?', 2)
        const { method, headers } = request
        requireSignature({ method, path, query, headers }, body, config.pool.keys, clock.now())
      },
    })
    reply.header('x-amzn-requestid', randomUUID()).type(AWS_JSON)
    log.debug({ target, milliseconds: performance.now() - started }, 'answered')
    return JSON.stringify(answer)
  })
  serveDiscovery(server, discovery)
  server.get('/_health', async () => {
    await health()
    return { status: 'ok' }
  })

  server.setErrorHandler((error, _request, reply) => answerError(error, reply))
  server.setNotFoundHandler((_request, reply) =>
    answerError(new WireError('UnknownOperationException', 'There is nothing at this address.', 404), reply),
  )
  return server
}

function asWireError(error: unknown): WireError {
  if (error instanceof WireError) return error
  const { statusCode = 500, message } = error as { statusCode?: number; message?: string }
  if (statusCode === 413) {
    return new WireError('RequestEntityTooLargeException', `The body is larger than ${BODY_LIMIT} bytes.`, 413)
  }
  if (statusCode < 500) return new WireError('SerializationException', message ?? 'The request is not readable.')
  return new WireError('InternalErrorException', 'Something went wrong inside the user pool.', 500)
}
