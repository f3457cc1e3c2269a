import type { Algorithm } from '../../domain/checksums.ts'
import { MiB } from '../../domain/object.ts'
import { refusal } from '../../domain/refusal.ts'
import { type Digest, startDigest } from '../checksums/digests.ts'
import type { FileWriter } from '../ports/files.ts'
import { type HashName, isHashName } from '../ports/follower.ts'
import type { Body, Received } from './body.ts'
import { tooLong, verify, wantedOf } from './verify-body.ts'

// One call to the file system for many chunks of a socket; two such batches are in memory at most.
const BATCH = MiB
/** What one such call takes (IOV_MAX): chunks of one byte each would be millions. */
const MOST_CHUNKS = 1024
/** What all bodies may keep in memory before each is written in small batches: many senders at once are many batches. */
const ROOM = 64 * MiB
const SMALL_BATCH = MiB / 8

/** A sender that says nothing for so long leaves nothing in memory: hundreds of them may wait. */
const STALLED_MS = 500
// A smaller body is hashed before another thread would have heard of it.
const HASHED_BEHIND = MiB

/** Where a body goes. */
export interface Place {
  readonly file: FileWriter
  /** Of the first byte. */
  readonly position: number
  /** Throws when these bytes may no longer be written. */
  checkpoint(): void
  /** Makes what was written durable. */
  sync(): Promise<void>
}

/** Takes bodies into files, as many at a time as there is memory for. */
export class BodyReceiver {
  /** Bytes in memory of all bodies. */
  #kept = 0

  /** Writes a body into a file while it arrives and verifies all that was said about it. Durable when this returns.
   *  @param also a checksum that is wanted whether the sender gave it or not
   *  @throws AppError `IncompleteBody`, `BadDigest`, `XAmzContentSHA256Mismatch` */
  async receive(body: Body, place: Place, also?: Algorithm): Promise<Received> {
    const wanted = wantedOf(body, also)
    const behind = body.size >= HASHED_BEHIND ? [...wanted].filter(isHashName) : []
    const passing = [...wanted].filter((name) => !behind.includes(name as HashName))
    const digests = new Map<string, Digest>(passing.map((name) => [name, startDigest(name)]))
    const follower = behind.length > 0 ? place.file.hash(place.position, behind) : undefined
    try {
      const update = (chunk: Buffer) => {
        for (const digest of digests.values()) digest.update(chunk)
      }
      await this.#write(body, place, update, (until) => follower?.written(until))
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

  async #write(
    body: Body,
    { file, position, checkpoint }: Place,
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
        await file.write(chunks, at)
        onWritten(until)
        for (const chunk of chunks) giveBack(chunk)
      })
      const size = until - at
      writing = writing.finally(() => (this.#kept -= size))
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
        this.#kept += chunk.length
        if (batched >= BATCH || batch.length >= MOST_CHUNKS || (this.#kept > ROOM && batched >= SMALL_BATCH))
          await flush()
      }
      await flush()
    } finally {
      clearInterval(stalled)
      this.#kept -= batched
      await writing
    }
    if (received !== body.size) throw refusal('IncompleteBody')
  }
}

/** Frees a chunk now. V8 counts such memory and would collect garbage for every 32 MiB of it. */
function giveBack({ buffer, byteLength }: Buffer): void {
  if (buffer.byteLength === byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0)
}
