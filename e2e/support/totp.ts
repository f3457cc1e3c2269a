import { createHmac } from 'node:crypto'
import { until } from '@balcao/testing'

const STEP_SECONDS = 30
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function fromBase32(text: string): Buffer {
  const bits = [...text.replace(/[\s=]/g, '')].map((c) => ALPHABET.indexOf(c).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/** RFC 6238 with SHA-1 and six digits. @param step number of 30 s since 1970 */
function codeOf(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const hash = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const at = hash[19]! & 0xf
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1e6).padStart(6, '0')
}

/** A person's authenticator app. A step is accepted once only, one before and one after the present: so each code is
 *  of a later step than the last, beginning with the one before. */
export class Authenticator {
  #last = 0

  constructor(readonly secret: string) {}

  async next(): Promise<string> {
    const step = await until(() => {
      const now = Date.now() / 1000 / STEP_SECONDS
      // Near its end the step before may be too old by the time the code arrives.
      const oldest = Math.floor(now) - (now % 1 < 0.6 ? 1 : 0)
      const candidate = Math.max(oldest, this.#last + 1)
      return candidate <= Math.floor(now) + 1 && candidate
    }, STEP_SECONDS + 5)
    this.#last = step
    return codeOf(this.secret, step)
  }
}
