import { crc32 } from 'node:zlib'
import type { Digest } from './digests.ts'

/** A cyclic redundancy check as S3 uses them: bits reflected, begun and ended with ones. */
interface Crc {
  /** Of the result. */
  readonly bytes: 4 | 8
  /** Reflected, without its highest term. */
  readonly polynomial: bigint
}

/** CRC-32 (ISO 3309), CRC-32C (RFC 3720 §12.1) and CRC-64/NVME (NVM Command Set Specification 1.0, §5.2.1.3.4). */
export const CRCS = {
  CRC32: { bytes: 4, polynomial: 0xedb88320n },
  CRC32C: { bytes: 4, polynomial: 0x82f63b78n },
  CRC64NVME: { bytes: 8, polynomial: 0x9a6c9329ac4bc9b5n },
} as const satisfies Record<string, Crc>
export type CrcName = keyof typeof CRCS

export const isCrc = (name: string): name is CrcName => Object.hasOwn(CRCS, name)

export function startCrc(name: CrcName): Digest {
  if (name === 'CRC32') return new Crc32()
  return name === 'CRC32C' ? new Crc32c() : new Crc64Nvme()
}

/** A polynomial in two numbers of 32 bits; of a shorter one the first is zero. Its highest bit is the term x⁰. */
type Polynomial = readonly [high: number, low: number]

const polynomialOf = (bits: bigint): Polynomial => [
  Number(BigInt.asIntN(32, bits >> 32n)),
  Number(BigInt.asIntN(32, bits)),
]

/** The product modulo another one. Without BigInt, which takes seconds for the parts of one upload.
 *  @param bytes of all of them */
function multiply(x: Polynomial, y: Polynomial, modulus: Polynomial, bytes: number): Polynomial {
  let [high, low] = [0, 0]
  let [restHigh, restLow] = y
  for (let bit = 8 * bytes - 1; bit >= 0; bit--) {
    if (((bit < 32 ? x[1] >>> bit : x[0] >>> (bit - 32)) & 1) !== 0) {
      high ^= restHigh
      low ^= restLow
    }
    const overflows = (restLow & 1) !== 0
    restLow = (restLow >>> 1) | (restHigh << 31)
    restHigh >>>= 1
    if (overflows) {
      restHigh ^= modulus[0]
      restLow ^= modulus[1]
    }
  }
  return [high, low]
}

/** The check of two texts one after the other, of the checks of both: what zlib calls crc32_combine.
 *  @param secondSize bytes of the second */
export function combineCrc(name: CrcName, first: Buffer, second: Buffer, secondSize: number): Buffer {
  const { bytes, polynomial } = CRCS[name]
  const modulus = polynomialOf(polynomial)
  const product = (x: Polynomial, y: Polynomial) => multiply(x, y, modulus, bytes)
  const one = polynomialOf(1n << BigInt(8 * bytes - 1))
  // x to the power of the second's bits moves the first to its place.
  let [shift, square] = [one, polynomialOf(1n << BigInt(8 * bytes - 2))]
  for (let power = 8 * secondSize; power > 0; power = Math.floor(power / 2)) {
    if (power % 2 === 1) shift = product(shift, square)
    square = product(square, square)
  }
  const [high, low] = product(shift, polynomialOf(BigInt(`0x${first.toString('hex')}`)))
  const moved = Buffer.alloc(8)
  moved.writeInt32BE(high)
  moved.writeInt32BE(low, 4)
  return second.map((byte, i) => byte ^ moved[8 - bytes + i]!) as Buffer
}

/** Table by table: `tables[k][byte]` is the check of a byte with k zero bytes behind it. */
function tablesOf({ polynomial }: Crc, count: number): bigint[][] {
  const first = Array.from({ length: 256 }, (_, byte) => {
    let sum = BigInt(byte)
    for (let bit = 0; bit < 8; bit++) sum = sum & 1n ? (sum >> 1n) ^ polynomial : sum >> 1n
    return sum
  })
  const tables = [first]
  while (tables.length < count) tables.push(tables.at(-1)!.map((sum) => (sum >> 8n) ^ first[Number(sum & 255n)]!))
  return tables
}

class Crc32 implements Digest {
  #sum = 0
  update(chunk: Buffer) {
    this.#sum = crc32(chunk, this.#sum)
  }
  digest() {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(this.#sum >>> 0)
    return bytes.toString('base64')
  }
}

const castagnoli = Int32Array.from(tablesOf(CRCS.CRC32C, 1)[0]!, (sum) => Number(BigInt.asIntN(32, sum)))

class Crc32c implements Digest {
  #sum = -1
  update(chunk: Buffer) {
    let sum = this.#sum
    for (let i = 0; i < chunk.length; i++) sum = (sum >>> 8) ^ castagnoli[(sum ^ chunk[i]!) & 0xff]!
    this.#sum = sum
  }
  digest() {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(~this.#sum)
    return bytes.toString('base64')
  }
}

/** Eight tables, so that eight bytes are one step; the halves of a sum are two numbers of 32 bits. */
const nvme = tablesOf(CRCS.CRC64NVME, 8).map((table) => ({
  high: Int32Array.from(table, (sum) => Number(BigInt.asIntN(32, sum >> 32n))),
  low: Int32Array.from(table, (sum) => Number(BigInt.asIntN(32, sum))),
}))

class Crc64Nvme implements Digest {
  #high = -1
  #low = -1
  update(chunk: Buffer) {
    let [high, low] = [this.#high, this.#low]
    let i = 0
    for (; i + 8 <= chunk.length; i += 8) {
      const [a, b] = [low ^ chunk.readInt32LE(i), high ^ chunk.readInt32LE(i + 4)]
      const places = [
        a & 255,
        (a >>> 8) & 255,
        (a >>> 16) & 255,
        a >>> 24,
        b & 255,
        (b >>> 8) & 255,
        (b >>> 16) & 255,
        b >>> 24,
      ]
      high = 0
      low = 0
      for (let k = 0; k < 8; k++) {
        const table = nvme[7 - k]!
        high ^= table.high[places[k]!]!
        low ^= table.low[places[k]!]!
      }
    }
    for (; i < chunk.length; i++) {
      const place = (low ^ chunk[i]!) & 255
      low = ((low >>> 8) | (high << 24)) ^ nvme[0]!.low[place]!
      high = (high >>> 8) ^ nvme[0]!.high[place]!
    }
    this.#high = high
    this.#low = low
  }
  digest() {
    const bytes = Buffer.alloc(8)
    bytes.writeInt32BE(~this.#high)
    bytes.writeInt32BE(~this.#low, 4)
    return bytes.toString('base64')
  }
}
