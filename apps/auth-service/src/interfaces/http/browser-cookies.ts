import { createHash } from 'node:crypto'
import type { Config } from '@balcao/platform'
// For its types of requests and replies; the HTTP edge has registered it.
import '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Seconds: as long as a refresh token of the pool may live. */
const REFRESH_SECONDS = 30 * 24 * 3600

type Name = 'refresh' | 'flow'

/** The two secrets that a browser keeps for us and no script can read. Cookies ignore ports, so their names carry a
 *  digest of this installation: two on one machine do not sign each other out. */
export class BrowserCookies {
  readonly #installation: string
  readonly #secure: boolean

  constructor(config: Pick<Config, 'urls' | 'pool'>) {
    const installation = `${config.urls.public} ${config.pool.id}`
    this.#installation = createHash('sha256').update(installation).digest('hex').slice(0, 8)
    this.#secure = config.urls.public.startsWith('https:')
  }

  /** Whether the request carries a secret of ours. */
  any(request: FastifyRequest): boolean {
    return this.read(request, 'refresh') !== undefined || this.read(request, 'flow') !== undefined
  }

  read(request: FastifyRequest, name: Name): string | undefined {
    return request.cookies[this.#name(name)] || undefined
  }

  keepRefresh(reply: FastifyReply, token: string): void {
    this.#set(reply, 'refresh', token, REFRESH_SECONDS)
  }

  /** @param seconds that the sign-in waits for its next step */
  keepFlow(reply: FastifyReply, flow: string, seconds: number): void {
    this.#set(reply, 'flow', flow, seconds)
  }

  forget(reply: FastifyReply, name: Name): void {
    this.#set(reply, name, '', 0)
  }

  #set(reply: FastifyReply, name: Name, value: string, maxAge: number): void {
    reply.setCookie(this.#name(name), value, {
      path: '/auth',
      maxAge,
      httpOnly: true,
      sameSite: 'strict',
      secure: this.#secure,
    })
  }

  #name(name: Name): string {
    return `balcao-${this.#installation}-${name}`
  }
}
