import { createHash, type Hash } from 'node:crypto'
import type { Algorithm } from '../../domain/checksums.ts'
import { isCrc, startCrc } from './crc.ts'

export interface Digest {
  update(chunk: Buffer): unknown
  /** In base64, as S3's headers have it. */
  digest(): string
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

/** Of what comes piece by piece. */
export const startDigest = (algorithm: Algorithm | 'MD5'): Digest =>
  isCrc(algorithm) ? startCrc(algorithm) : new NodeHash(algorithm)

/** @returns base64 */
export function digestOf(algorithm: Algorithm | 'MD5', bytes: Buffer): string {
  const digest = startDigest(algorithm)
  digest.update(bytes)
  return digest.digest()
}

export const hexOf = (base64: string): string => Buffer.from(base64, 'base64').toString('hex')
