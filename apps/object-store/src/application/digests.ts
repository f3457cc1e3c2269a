import { createHash, type Hash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** The checksums that S3's clients send and we verify: x-amz-checksum-crc32 and so on. */
export const ALGORITHMS = ['crc32', 'crc32c', 'sha1', 'sha256'] as const
export type Algorithm = (typeof ALGORITHMS)[number]

export interface Digest {
  update(chunk: Buffer): unknown
  /** In base64, as S3's headers have it. */
  digest(): string
}

const inBase64 = (sum: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(sum >>> 0)
  return bytes.toString('base64')
}

class Crc32 implements Digest {
  #sum = 0
  update(chunk: Buffer) {
    this.#sum = crc32(chunk, this.#sum)
  }
  digest() {
    return inBase64(this.#sum)
  }
}

// Castagnoli's polynomial, reversed (RFC 3720 §12.1).
const castagnoli = Int32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0x82f63b78 : sum >>> 1
  return sum
})

class Crc32c implements Digest {
  #sum = -1
  update(chunk: Buffer) {
    let sum = this.#sum
    for (let i = 0; i < chunk.length; i++) sum = (sum >>> 8) ^ castagnoli[(sum ^ chunk[i]!) & 0xff]!
    this.#sum = sum
  }
  digest() {
    return inBase64(~this.#sum)
  }
}

class NodeHash implements Digest {
  readonly #hash: Hash
  constructor(name: string) {
    this.#hash = createHash(name)
  }
  update(chunk: Buffer) {
    this.#hash.update(chunk)
  }
  digest() {
    return this.#hash.digest('base64')
  }
}

export function startDigest(algorithm: Algorithm | 'md5'): Digest {
  if (algorithm === 'crc32') return new Crc32()
  return algorithm === 'crc32c' ? new Crc32c() : new NodeHash(algorithm)
}

export const hexOf = (base64: string): string => Buffer.from(base64, 'base64').toString('hex')
