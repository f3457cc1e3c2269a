import type { FastifyInstance } from 'fastify'

/** The policies every answer of the page's origin carries. Scripts only from our own files; the store is the only
 *  other origin a page may talk to. Mantine and the player write
 *  style elements and attributes, which is all that 'unsafe-inline' allows here; Safari plays our playlists by itself, as media. */
export function secureAnswers(fastify: FastifyInstance, urls: { publicUrl: string; objectStoreUrl: string }): void {
  const store = new URL(urls.objectStoreUrl).origin
  const policy = [
    `default-src 'self'`,
    `script-src 'self'`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' ${store}`,
    `media-src 'self' blob: data: ${store}`,
    `connect-src 'self' ${store}`,
    `font-src 'self'`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ')
  fastify.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    })
  })
}
