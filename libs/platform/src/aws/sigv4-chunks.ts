import { hash, timingSafeEqual } from 'node:crypto'
import { ALGORITHM, type Signer, scopeOf, signText } from './sigv4.ts'

const NOTHING = hash('sha256', '')

/** The signatures of a body that is signed chunk by chunk, each over the one before, the first over the request's own
 *  (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html). */
export class ChunkSignatures {
  readonly #date: string
  readonly #signer: Omit<Signer, 'accessKeyId'>
  #before: string

  /** @param date of the request in `x-amz-date`'s form  @param seed the request's signature */
  constructor(date: string, signer: Omit<Signer, 'accessKeyId'>, seed: string) {
    this.#date = date
    this.#signer = signer
    this.#before = seed
  }

  /** The signature of the next chunk. @param sha256 of its bytes, in hexadecimal */
  chunk(sha256: string): string {
    return this.#next('PAYLOAD', `${NOTHING}\n${sha256}`)
  }

  /** The signature of what follows the last chunk. @param sha256 of its lines, `name:value\n` */
  trailer(sha256: string): string {
    return this.#next('TRAILER', sha256)
  }

  #next(kind: string, what: string): string {
    const scope = scopeOf(this.#date.slice(0, 8), this.#signer)
    const text = `${ALGORITHM}-${kind}\n${this.#date}\n${scope}\n${this.#before}\n${what}`
    this.#before = signText(this.#date, this.#signer, text)
    return this.#before
  }
}

/** Compares signatures in a time that tells nothing of them. */
export function isSameSignature(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
