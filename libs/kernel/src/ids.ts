const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function hex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += HEX[byte]
  return text
}

// One call to the system's generator for many ids: it costs more than all the rest of one.
const POOL = 1024
let pool = new Uint8Array(0)

/** @param count at most POOL */
function randomBytes(count: number): Uint8Array {
  if (pool.length < count) pool = crypto.getRandomValues(new Uint8Array(POOL))
  const bytes = pool.slice(0, count)
  pool.fill(0, 0, count) // what was given out is nowhere else
  pool = pool.subarray(count)
  return bytes
}

/** A UUIDv7 (RFC 9562 §5.7): sorts by the time it was made, so indexes stay dense. */
export function newId(now: number = Date.now()): string {
  const bytes = randomBytes(16)
  new DataView(bytes.buffer).setUint32(0, Math.floor(now / 0x10000))
  new DataView(bytes.buffer).setUint16(4, now % 0x10000)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const text = hex(bytes)
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`
}

/** An opaque random token in lower-case hexadecimal: never with a `-` in front, which a command line takes for an option.
 *  @param bytes of entropy, 32 unless told otherwise */
export function randomToken(bytes = 32): string {
  return hex(randomBytes(bytes))
}
