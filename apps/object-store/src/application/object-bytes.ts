import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { MiB } from '../domain/object.ts'

/** Bytes read from a file at once: as many as stay in a processor's cache until they are sent. */
const PIECE = 256 * 1024
/** What all readers may keep in memory before others get small pieces: who does not read what was asked for keeps two. */
const ROOM = 64 * MiB
const SMALL_PIECE = PIECE / 8
const MOST_SPARE = 16
// New memory for each piece would be zeroed by the system and collected by V8, which costs more than reading it.
const spare: Buffer[] = []
let lent = 0

/** Sends a piece on. What it holds may change once this resolves. */
export type Take = (piece: Buffer) => Promise<void>

/** The bytes of an object, from its row or its file: they stay readable where the object is replaced meanwhile. Places
 *  are those of its first and last byte, `end` below `start` for none. */
export class ObjectBytes {
  constructor(private readonly source: Buffer | FileHandle) {}

  /** All at once, where they are few; else undefined. */
  inMemory(start: number, end: number): Buffer | undefined {
    return Buffer.isBuffer(this.source) ? this.source.subarray(start, end + 1) : undefined
  }

  /** Whoever reads its chunks owns them. */
  stream(start: number, end: number): Readable {
    if (end < start) return Readable.from([])
    if (Buffer.isBuffer(this.source)) return Readable.from([Buffer.from(this.source.subarray(start, end + 1))])
    return this.source.createReadStream({ start, end, autoClose: false, highWaterMark: MiB })
  }

  /** Sends them piece by piece, and reads the next one meanwhile.
   *  @throws what `take` throws; Error where the file is shorter than its row says */
  async send(start: number, end: number, take: Take): Promise<void> {
    if (Buffer.isBuffer(this.source)) return take(this.source.subarray(start, end + 1))
    const handle = this.source
    const buffers = borrowTwo()
    let taken: Promise<void> | undefined
    try {
      for (let at = start; at <= end; ) {
        const buffer = buffers.reverse()[0]!
        const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, end + 1 - at), at)
        if (bytesRead === 0) throw new Error('A file is shorter on disk than its row says.')
        at += bytesRead
        await taken
        taken = take(buffer.subarray(0, bytesRead))
        taken.catch(() => {}) // it is awaited later; until then Node must not take it for forgotten
      }
      await taken
    } finally {
      lent -= 2 * buffers[0]!.length
      // Whoever takes one for long may still be at it where another has failed: then it is the collector's.
      await taken?.then(
        () => giveBack(buffers),
        () => {},
      )
    }
  }

  async close(): Promise<void> {
    if (!Buffer.isBuffer(this.source)) await this.source.close()
  }
}

function borrowTwo(): Buffer[] {
  const size = lent < ROOM ? PIECE : SMALL_PIECE
  lent += 2 * size
  return [1, 2].map(() => (size === PIECE ? spare.pop() : undefined) ?? Buffer.allocUnsafeSlow(size))
}

const giveBack = (buffers: Buffer[]) =>
  spare.push(...buffers.filter(({ length }) => length === PIECE).slice(0, MOST_SPARE - spare.length))
