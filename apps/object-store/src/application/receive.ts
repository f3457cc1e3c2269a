import type { FileHandle } from 'node:fs/promises'
import { type Checksums, MiB } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import { type Algorithm, type Digest, hexOf, startDigest } from './digests.ts'
import { type Hashes, type HashName, isHashName } from './hashes.ts'

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

// A smaller body is hashed before another thread would have heard of it.
const HASHED_BEHIND = MiB

/** Writes a body into a file while it arrives and verifies all that was said about it. Nothing is durable yet.
 *  @param handle readable too  @param position where its first byte goes
 *  @param checkpoint throws when these bytes may no longer be written
 *  @throws AppError `IncompleteBody`, `BadDigest`, `XAmzContentSHA256Mismatch` */
export async function receive(
  body: Body,
  handle: FileHandle,
  hashes: Hashes,
  position = 0,
  checkpoint: () => void = () => {},
): Promise<Received> {
  const wanted = new Set<Algorithm | 'md5'>(['md5'])
  if (body.sha256 !== undefined) wanted.add('sha256')
  if (body.checksum) wanted.add(body.checksum.algorithm)
  const behind = body.size >= HASHED_BEHIND ? [...wanted].filter(isHashName) : []
  const passing = [...wanted].filter((name) => !behind.includes(name as HashName))
  const digests = new Map<string, Digest>(passing.map((name) => [name, startDigest(name)]))
  const follower = behind.length > 0 ? hashes.follow(handle.fd, position, behind) : undefined
  try {
    const update = (chunk: Buffer) => {
      for (const digest of digests.values()) digest.update(chunk)
    }
    await write(body, handle, position, checkpoint, update, (until) => follower?.written(until))
    const found = new Map([...digests].map(([name, digest]) => [name, digest.digest()]))
    for (const [name, value] of Object.entries((await follower?.end()) ?? {})) found.set(name, value)
    return verify(body, found)
  } finally {
    await follower?.leave() // whoever called us closes the file next
  }
}

async function write(
  body: Body,
  handle: FileHandle,
  position: number,
  checkpoint: () => void,
  onChunk: (chunk: Buffer) => void,
  onWritten: (until: number) => void,
): Promise<void> {
  let [batch, batched, sent, received] = [[] as Buffer[], 0, position, 0]
  let writing = Promise.resolve()
  const flush = async () => {
    const [chunks, at, until] = [batch, sent, sent + batched]
    sent = until
    ;[batch, batched] = [[], 0]
    await writing
    checkpoint()
    writing = writeFully(handle, chunks, at).then(() => onWritten(until))
    writing.catch(() => {}) // it is awaited later; until then Node must not take it for forgotten
  }
  try {
    for await (const chunk of body.chunks) {
      received += chunk.length
      if (received > body.size) throw refusal('IncompleteBody', 'The body is longer than was said.')
      onChunk(chunk)
      batch.push(chunk)
      batched += chunk.length
      if (batched >= BATCH) await flush()
    }
    await flush()
  } finally {
    await writing
  }
  if (received !== body.size) throw refusal('IncompleteBody')
}

/** @param found digests in base64 by algorithm */
function verify(body: Body, found: ReadonlyMap<string, string>): Received {
  const etag = found.get('md5')!
  if (body.md5 !== undefined && body.md5 !== etag) throw refusal('BadDigest', 'The Content-MD5 did not match the body.')
  if (body.sha256 !== undefined && hexOf(found.get('sha256')!) !== body.sha256)
    throw refusal('XAmzContentSHA256Mismatch')
  if (!body.checksum) return { etag: hexOf(etag), checksums: {} }
  const { algorithm } = body.checksum
  const [name, value] = [algorithm.toUpperCase(), found.get(algorithm)!]
  if (body.checksum.value() !== value) throw refusal('BadDigest', `The ${name} you specified did not match the body.`)
  return { etag: hexOf(etag), checksums: { [name]: value } }
}
