import { Readable } from 'node:stream'
import type { FileReader } from '../ports/files.ts'
import type { Pieces } from './pieces.ts'

/** Sends a piece on. What it holds may change once this resolves. */
export type Take = (piece: Buffer) => Promise<void>

/** The bytes of an object, from its row or its file: they stay readable where the object is replaced meanwhile. Places
 *  are those of its first and last byte, `end` below `start` for none. */
export class ObjectBytes {
  constructor(
    private readonly source: Buffer | FileReader,
    private readonly pieces: Pieces,
  ) {}

  /** All at once, where they are few; else undefined. */
  inMemory(start: number, end: number): Buffer | undefined {
    return Buffer.isBuffer(this.source) ? this.source.subarray(start, end + 1) : undefined
  }

  /** Whoever reads its chunks owns them. */
  stream(start: number, end: number): Readable {
    if (end < start) return Readable.from([])
    if (Buffer.isBuffer(this.source)) return Readable.from([Buffer.from(this.source.subarray(start, end + 1))])
    return this.source.stream(start, end)
  }

  /** Sends them piece by piece, and reads the next one meanwhile.
   *  @throws what `take` throws; Error where the file is shorter than its row says */
  async send(start: number, end: number, take: Take): Promise<void> {
    if (Buffer.isBuffer(this.source)) return take(this.source.subarray(start, end + 1))
    const file = this.source
    const buffers = this.pieces.borrow()
    let taken: Promise<void> | undefined
    try {
      for (let at = start; at <= end; ) {
        const buffer = buffers.reverse()[0]!
        const piece = buffer.subarray(0, Math.min(buffer.length, end + 1 - at))
        if ((await file.read(piece, at)) < piece.length) throw new Error('A file is shorter on disk than its row says.')
        at += piece.length
        await taken
        taken = take(piece)
        taken.catch(() => {}) // it is awaited later; until then Node must not take it for forgotten
      }
      await taken
    } finally {
      // Whoever takes one for long may still be at it where another has failed.
      const free = await Promise.resolve(taken).then(
        () => true,
        () => false,
      )
      this.pieces.giveBack(buffers, free)
    }
  }

  async close(): Promise<void> {
    if (!Buffer.isBuffer(this.source)) await this.source.close()
  }
}
