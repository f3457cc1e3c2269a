import { createHmac, timingSafeEqual } from 'node:crypto'

const STEP_SECONDS = 30
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The six digits of a time step (RFC 6238 with HMAC-SHA-1, truncated as in RFC 4226 §5.3). */
export function totp(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = mac[mac.length - 1]! & 0x0f
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** The time step that `code` belongs to, now or one step to either side (RFC 6238 §5.2), or undefined.
 *  Every candidate is compared, in constant time. */
export function matchingStep(secret: Buffer, code: string, now: Date): number | undefined {
  if (!/^[0-9]{6}$/.test(code)) return undefined
  const current = Math.floor(now.getTime() / 1000 / STEP_SECONDS)
  const given = Buffer.from(code)
  let found: number | undefined
  for (const step of [current - 1, current + 1, current]) {
    if (timingSafeEqual(Buffer.from(totp(secret, step)), given)) found = step
  }
  return found
}

/** Base32 without padding (RFC 4648 §6), the form that authenticator apps take. */
export function base32(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return bits.replace(/.{1,5}/g, (group) => ALPHABET[Number.parseInt(group.padEnd(5, '0'), 2)]!)
}
