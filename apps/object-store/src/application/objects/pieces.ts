import { MiB } from '../../domain/object.ts'

/** Bytes read from a file at once: as many as stay in a processor's cache until they are sent. */
const PIECE = 256 * 1024
/** What all readers may keep in memory before others get small pieces: who does not read what was asked for keeps two. */
const ROOM = 64 * MiB
const SMALL_PIECE = PIECE / 8
const MOST_SPARE = 16

/** Memory in which files are read to be sent, shared by all who read. New memory for each piece would be zeroed by the
 *  system and collected by V8, which costs more than reading it. */
export class Pieces {
  readonly #spare: Buffer[] = []
  #lent = 0

  /** @returns two of the same size, so that one is read while the other is sent */
  borrow(): [Buffer, Buffer] {
    const size = this.#lent < ROOM ? PIECE : SMALL_PIECE
    this.#lent += 2 * size
    const take = () => (size === PIECE ? this.#spare.pop() : undefined) ?? Buffer.allocUnsafeSlow(size)
    return [take(), take()]
  }

  /** @param free whether nobody holds them any more; else they are the collector's */
  giveBack(pieces: readonly Buffer[], free: boolean): void {
    for (const piece of pieces) {
      this.#lent -= piece.length
      if (free && piece.length === PIECE && this.#spare.length < MOST_SPARE) this.#spare.push(piece)
    }
  }
}
