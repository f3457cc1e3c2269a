import type { FileHandle } from 'node:fs/promises'
import type { Algorithm } from '../domain/checksums.ts'
import { type Checksums, MiB } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import { type Digest, hexOf, startDigest } from './digests.ts'
import { type Hashes, type HashName, isHashName } from './hashes.ts'

/** A body as it arrives, and everything that its sender said about it. */
export interface Body {
  /** Bytes, known before the first one. */
  readonly size: number
  /** Whoever reads them owns them. */
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
/** What one such call takes (IOV_MAX): chunks of one byte each would be millions. */
const MOST_CHUNKS = 1024
/** What all bodies may keep in memory before each is written in small batches: many senders at once are many batches. */
const ROOM = 64 * MiB
const SMALL_BATCH = MiB / 8
let kept = 0

/** A sender that says nothing for so long leaves nothing in memory: hundreds of them may wait. */
const STALLED_MS = 500

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

/** Where a body goes. */
export interface Place {
  /** Readable too: large bodies are hashed from the file. */
  readonly handle: FileHandle
  /** Of the first byte. */
  readonly position: number
  /** Throws when these bytes may no longer be written. */
  checkpoint(): void
  /** Makes what was written durable. */
  sync(): Promise<void>
}

/** Takes a small body into memory and verifies all that was said about it.
 *  @throws AppError `IncompleteBody`, `BadDigest`, `XAmzContentSHA256Mismatch` */
export async function collect(body: Body): Promise<Received & { readonly bytes: Buffer }> {
  let bytes: Buffer = Buffer.alloc(0)
  let received = 0
  for await (const chunk of body.chunks) {
    if (received + chunk.length > body.size) throw tooLong()
    if (chunk.length === body.size) bytes = chunk
    else {
      // Copied, because what comes byte by byte would be many times its size.
      if (received === 0) bytes = Buffer.allocUnsafeSlow(body.size)
      bytes.set(chunk, received)
    }
    received += chunk.length
  }
  if (received !== body.size) throw refusal('IncompleteBody')
  const found = [...wantedOf(body)].map((name) => {
    const digest = startDigest(name)
    digest.update(bytes)
    return [name, digest.digest()] as const
  })
  return { bytes, ...verify(body, new Map(found), undefined) }
}

/** Writes a body into a file while it arrives and verifies all that was said about it. Durable when this returns.
 *  @param also a checksum that is wanted whether the sender gave it or not
 *  @throws AppError `IncompleteBody`, `BadDigest`, `XAmzContentSHA256Mismatch` */
export async function receive(body: Body, place: Place, hashes: Hashes, also?: Algorithm): Promise<Received> {
  const wanted = wantedOf(body, also)
  const behind = body.size >= HASHED_BEHIND ? [...wanted].filter(isHashName) : []
  const passing = [...wanted].filter((name) => !behind.includes(name as HashName))
  const digests = new Map<string, Digest>(passing.map((name) => [name, startDigest(name)]))
  const follower = behind.length > 0 ? hashes.follow(place.handle.fd, place.position, behind) : undefined
  try {
    const update = (chunk: Buffer) => {
      for (const digest of digests.values()) digest.update(chunk)
    }
    await write(body, place, update, (until) => follower?.written(until))
    // Whoever called us closes the file next: so neither may still be at it, also where the other one fails.
    const [hashed, synced] = await Promise.allSettled([follower?.end(), place.sync()])
    if (hashed.status === 'rejected') throw hashed.reason
    if (synced.status === 'rejected') throw synced.reason
    const passed = [...digests].map(([name, digest]) => [name, digest.digest()] as const)
    return verify(body, new Map([...passed, ...Object.entries(hashed.value ?? {})]), also)
  } finally {
    await follower?.leave()
  }
}

/** The digests that a body is verified by. */
function wantedOf(body: Body, also?: Algorithm): ReadonlySet<Algorithm | 'md5'> {
  const wanted = new Set<Algorithm | 'md5'>(['md5'])
  if (body.sha256 !== undefined) wanted.add('sha256')
  if (body.checksum) wanted.add(body.checksum.algorithm)
  if (also) wanted.add(also)
  return wanted
}

const tooLong = () => refusal('IncompleteBody', 'The body is longer than was said.')

/** Frees a chunk now. V8 counts such memory and would collect garbage for every 32 MiB of it. */
function giveBack({ buffer, byteLength }: Buffer): void {
  if (buffer.byteLength === byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0)
}

async function write(
  body: Body,
  { handle, position, checkpoint }: Place,
  onChunk: (chunk: Buffer) => void,
  onWritten: (until: number) => void,
): Promise<void> {
  let [batch, batched, sent, received] = [[] as Buffer[], 0, position, 0]
  let writing = Promise.resolve()
  /** @returns when the batch before is written: so two are in memory at most */
  const flush = (): Promise<void> => {
    const [before, chunks, at, until] = [writing, batch, sent, sent + batched]
    sent = until
    ;[batch, batched] = [[], 0]
    writing = before.then(async () => {
      checkpoint()
      await writeFully(handle, chunks, at)
      onWritten(until)
      for (const chunk of chunks) giveBack(chunk)
    })
    const size = until - at
    writing = writing.finally(() => (kept -= size))
    writing.catch(() => {}) // it is awaited later; until then Node must not take it for forgotten
    return before
  }
  let seen = 0
  const stalled = setInterval(() => {
    if (batched > 0 && received === seen) flush().catch(() => {})
    seen = received
  }, STALLED_MS)
  try {
    for await (const chunk of body.chunks) {
      received += chunk.length
      if (received > body.size) throw tooLong()
      onChunk(chunk)
      batch.push(chunk)
      batched += chunk.length
      kept += chunk.length
      if (batched >= BATCH || batch.length >= MOST_CHUNKS || (kept > ROOM && batched >= SMALL_BATCH)) await flush()
    }
    await flush()
  } finally {
    clearInterval(stalled)
    kept -= batched
    await writing
  }
  if (received !== body.size) throw refusal('IncompleteBody')
}

/** @param found digests in base64 by algorithm */
function verify(body: Body, found: ReadonlyMap<string, string>, also: Algorithm | undefined): Received {
  const etag = found.get('md5')!
  if (body.md5 !== undefined && body.md5 !== etag) throw refusal('BadDigest', 'The Content-MD5 did not match the body.')
  if (body.sha256 !== undefined && hexOf(found.get('sha256')!) !== body.sha256)
    throw refusal('XAmzContentSHA256Mismatch')
  const algorithm = body.checksum?.algorithm
  if (algorithm && body.checksum.value() !== found.get(algorithm))
    throw refusal('BadDigest', `The ${algorithm.toUpperCase()} you specified did not match the body.`)
  const told = [algorithm, also].filter((each) => each !== undefined)
  return {
    etag: hexOf(etag),
    checksums: Object.fromEntries(told.map((each) => [each.toUpperCase(), found.get(each)!])),
  }
}
