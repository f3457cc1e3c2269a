import type { Cache } from '@balcao/platform'
import type { z } from 'zod'

/** The pool accepts three tries per session, and so do we (IDENTITY.md, rule 3). */
const TRIES = 3

/** A sign-in that waits for its next step, under `{prefix}:{id}` for `ttl` seconds. The pool counts for itself:
 *  a cache that forgets costs a person one more sign-in and gains an attacker nothing. */
export class Pending<T> {
  constructor(
    private readonly cache: Cache,
    private readonly prefix: string,
    readonly ttl: number,
    private readonly shape: z.ZodType<T>,
  ) {}

  async save(id: string, value: T): Promise<void> {
    await this.cache.delete(this.#failures(id))
    await this.cache.set(this.#key(id), JSON.stringify(value), this.ttl)
  }

  async get(id: string): Promise<T | undefined> {
    const text = await this.cache.get(this.#key(id))
    return text === undefined ? undefined : this.shape.parse(JSON.parse(text))
  }

  /** A refusal by the pool, by its code: a wrong code is counted and the third clears the entry; a session that the
   *  pool no longer knows goes at once; anything else (it did not answer, it is busy) costs no try. */
  async refused(id: string, code: string): Promise<void> {
    if (code === 'auth/mfa_session') return this.clear(id)
    if (code !== 'auth/wrong_code' && code !== 'auth/code_used') return
    if ((await this.cache.increment(this.#failures(id), this.ttl)) >= TRIES) await this.clear(id)
  }

  async clear(id: string): Promise<void> {
    await this.cache.delete(this.#key(id))
    await this.cache.delete(this.#failures(id))
  }

  #key(id: string): string {
    return `${this.prefix}:${id}`
  }

  #failures(id: string): string {
    return `${this.prefix}:${id}:failures`
  }
}
