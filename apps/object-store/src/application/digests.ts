import { createHash, type Hash } from 'node:crypto'
import type { Algorithm } from '../domain/checksums.ts'
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

export const startDigest = (algorithm: Algorithm | 'md5'): Digest =>
  isCrc(algorithm) ? startCrc(algorithm) : new NodeHash(algorithm)

export const hexOf = (base64: string): string => Buffer.from(base64, 'base64').toString('hex')
