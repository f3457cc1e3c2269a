import type { FileHandle } from 'node:fs/promises'
import { type Checksums, MiB } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import { type Algorithm, type Digest, hexOf, startDigest } from './digests.ts'

/** A body as it arrives, and everything that its sender said about it. */
export interface Body {
  /** Bytes, known before the first one. */
  readonly size: number
  readonly chunks: AsyncIterable<Buffer>
  /** In hexadecimal, where the signature covers the body. */
  readonly sha256: string | undefined
  /** In base64. */
  readonly md5: string | undefined
  /** `value` is asked for at the end: a trailer comes behind the body. */
  readonly checksum: { readonly algorithm: Algorithm; value(): string | undefined } | undefined
  /** Ends the wait for more of it: reading `chunks` fails. */
  cancel(): void
}

export interface Received {
  /** MD5 in hexadecimal. */
  readonly etag: string
  readonly checksums: Checksums
}

// One call to the file system for many chunks of a socket; two such batches are in memory at most.
const BATCH = MiB

async function writeFully(handle: FileHandle, chunks: readonly Buffer[], position: number): Promise<void> {
  let rest = [...chunks]
  for (let at = position; rest.length > 0; ) {
    let { bytesWritten } = await handle.writev(rest, at)
    at += bytesWritten
    while (rest.length > 0 && bytesWritten >= rest[0]!.length) bytesWritten -= rest.shift()!.length
    if (bytesWritten > 0) rest = [rest[0]!.subarray(bytesWritten), ...rest.slice(1)]
  }
}

/** Writes a body into a file while it arrives and verifies all that was said about it. Nothing is durable yet.
 *  @param position where its first byte goes  @param checkpoint throws when these bytes may no longer be written
 *  @throws AppError `IncompleteBody`, `BadDigest`, `XAmzContentSHA256Mismatch` */
export async function receive(
  body: Body,
  handle: FileHandle,
  position = 0,
  checkpoint: () => void = () => {},
): Promise<Received> {
  const md5 = startDigest('md5')
  const sha256 = body.sha256 === undefined ? undefined : startDigest('sha256')
  const checksum = body.checksum && startDigest(body.checksum.algorithm)
  const digests = [md5, sha256, checksum].filter((digest): digest is Digest => digest !== undefined)

  let [batch, batched, written, received] = [[] as Buffer[], 0, position, 0]
  let writing = Promise.resolve()
  const flush = async () => {
    const [chunks, at] = [batch, written]
    written += batched
    ;[batch, batched] = [[], 0]
    await writing
    checkpoint()
    writing = writeFully(handle, chunks, at)
    writing.catch(() => {}) // it is awaited later; until then Node must not take it for forgotten
  }
  try {
    for await (const chunk of body.chunks) {
      received += chunk.length
      if (received > body.size) throw refusal('IncompleteBody', 'The body is longer than was said.')
      for (const digest of digests) digest.update(chunk)
      batch.push(chunk)
      batched += chunk.length
      if (batched >= BATCH) await flush()
    }
    await flush()
  } finally {
    await writing // whoever called us closes the file next
  }
  if (received !== body.size) throw refusal('IncompleteBody')

  const etag = md5.digest()
  if (body.md5 !== undefined && body.md5 !== etag) throw refusal('BadDigest', 'The Content-MD5 did not match the body.')
  if (sha256 && hexOf(sha256.digest()) !== body.sha256) throw refusal('XAmzContentSHA256Mismatch')
  const checksums: Record<string, string> = {}
  if (body.checksum && checksum) {
    const { algorithm } = body.checksum
    const value = checksum.digest()
    if (body.checksum.value() !== value)
      throw refusal('BadDigest', `The ${algorithm.toUpperCase()} you specified did not match the body.`)
    checksums[algorithm.toUpperCase()] = value
  }
  return { etag: hexOf(etag), checksums }
}
