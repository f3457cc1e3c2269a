import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Pseudonym } from '../application/pseudonym.ts'

/** SHA-256 of something random enough to need no key: sessions, refresh tokens. */
export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** HMAC-SHA-256 of something that can be guessed: codes, names, addresses. */
export class KeyedHash {
  readonly #key: KeyObject

  constructor(
    key: Buffer,
    private readonly poolId: string,
  ) {
    this.#key = createSecretKey(key)
  }

  of(kind: string, ...parts: readonly string[]): Buffer {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([this.poolId, kind, ...parts]))
      .digest()
  }

  readonly pseudonym: Pseudonym = (kind, text) => this.of(kind, text).toString('base64url')
}
