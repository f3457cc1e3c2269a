import type { SignedParts } from '@balcao/contracts'
import { ProblemError } from '../api/call.ts'

const SIGN_AT_ONCE = 16
/** Milliseconds before its end at which a signed URL is no longer used. */
const URL_MARGIN = 60_000

/** The signed URLs of one upload's parts, asked for a few ahead. */
export class PartUrls {
  readonly #sign: (parts: number[]) => Promise<SignedParts>
  readonly #now: () => number
  readonly #urls = new Map<number, { url: string; until: number }>()
  #asked: Promise<void> | undefined

  constructor(sign: (parts: number[]) => Promise<SignedParts>, now: () => number) {
    this.#sign = sign
    this.#now = now
  }

  /** @param ahead parts that will want theirs next @throws ProblemError `upload/refused` when the server signs others */
  async of(part: number, ahead: readonly number[]): Promise<string> {
    // Parts that start together share one request; a part it left out asks once more.
    while (this.#asked && !this.#kept(part)) await this.#asked
    if (!this.#kept(part)) await this.#ask([part, ...ahead])
    const url = this.#kept(part)
    if (!url) throw new ProblemError('upload/refused', 500)
    return url
  }

  forget(part: number): void {
    this.#urls.delete(part)
  }

  forgetAll(): void {
    this.#urls.clear()
  }

  #kept(part: number): string | undefined {
    const kept = this.#urls.get(part)
    return kept && kept.until - URL_MARGIN > this.#now() ? kept.url : undefined
  }

  async #ask(parts: readonly number[]): Promise<void> {
    const missing = [...new Set(parts)].filter((part) => !this.#kept(part)).slice(0, SIGN_AT_ONCE)
    this.#asked = this.#sign(missing)
      .then(({ items, expiresIn }) => {
        const until = this.#now() + expiresIn * 1000
        for (const { partNumber, url } of items) this.#urls.set(partNumber, { url, until })
      })
      .finally(() => {
        this.#asked = undefined
      })
    await this.#asked
  }
}
