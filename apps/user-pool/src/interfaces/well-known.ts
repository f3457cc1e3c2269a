import type { FastifyInstance } from 'fastify'

/** What the pool tells anyone about its tokens. */
export interface Discovery {
  readonly poolId: string
  readonly issuer: string
  readonly keys: readonly Readonly<Record<string, unknown>>[]
}

/** The pool's public keys, and OpenID Connect Discovery 1.0 for what there is of it: tokens, no authorization endpoint. */
export function serveDiscovery(server: FastifyInstance, { poolId, issuer, keys }: Discovery): void {
  const base = `/${poolId}/.well-known`
  server.get(`${base}/jwks.json`, async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=300')
    return { keys }
  })
  server.get(`${base}/openid-configuration`, async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=300')
    return {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      response_types_supported: [],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    }
  })
}
