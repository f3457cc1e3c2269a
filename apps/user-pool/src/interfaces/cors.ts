import type { FastifyInstance } from 'fastify'

const HEADERS =
  'x-amz-target, x-amz-user-agent, amz-sdk-invocation-id, amz-sdk-request, authorization, content-type, cache-control'

/** Lets web pages of any origin call the pool, as Cognito does. No cookie is involved, so none is allowed. */
export function allowBrowsers(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'x-amzn-requestid, x-amzn-errortype',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    if (request.method !== 'OPTIONS') return
    return reply
      .code(204)
      .headers({
        'access-control-allow-methods': 'POST, GET, OPTIONS',
        'access-control-allow-headers': HEADERS,
        'access-control-max-age': '7200',
      })
      .send()
  })
}
