import { type FileHandle, open, readFile, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createDurably, privateDirectory } from '@balcao/platform/open'

/** What is known of an object at the target: only that it is being brought there, or what was found to be the same:
 *  which version of the source, and the entity tag at the target. */
export type Known = 'begun' | { readonly from: string; readonly to: string }

/** What a move has brought to the target, kept in a file of lines so that a move that was cut off goes on. A line is on
 *  disk before it counts. */
export class Journal {
  readonly #known: Map<string, Known>
  readonly #file: FileHandle
  #written: Promise<void> = Promise.resolve()

  private constructor(known: Map<string, Known>, file: FileHandle) {
    this.#known = known
    this.#file = file
  }

  static async open(path: string): Promise<Journal> {
    await privateDirectory(dirname(path))
    await createDurably(path, '')
    const text = await readFile(path, 'utf8')
    // A line that was cut off would spoil the one that is written after it.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole))
    const known = new Map<string, Known>()
    for (const line of whole.split('\n').filter(Boolean)) {
      const [key, from, to] = JSON.parse(line) as [string, string?, string?]
      if (from === undefined) known.set(key, 'begun')
      else if (to === undefined) known.delete(key)
      else known.set(key, { from, to })
    }
    return new Journal(known, await open(path, 'a', 0o600))
  }

  get(key: string): Known | undefined {
    return this.#known.get(key)
  }

  keys(): IterableIterator<string> {
    return this.#known.keys()
  }

  /** To be awaited before the object is written, so that it is known afterwards whose it is, also when the power fails. */
  async begin(key: string): Promise<void> {
    await this.#write([key])
    this.#known.set(key, 'begun')
  }

  async done(key: string, { from, to }: { readonly from: string; readonly to: string }): Promise<void> {
    await this.#write([key, from, to])
    this.#known.set(key, { from, to })
  }

  async forget(key: string): Promise<void> {
    await this.#write([key, ''])
    this.#known.delete(key)
  }

  async close(): Promise<void> {
    await this.#written.catch(() => {}) // whoever wrote it was told
    await this.#file.close()
  }

  /** One after the other, and none behind one that failed: it may have left half a line. */
  #write(line: readonly string[]): Promise<void> {
    this.#written = this.#written.then(async () => {
      await this.#file.appendFile(`${JSON.stringify(line)}\n`)
      await this.#file.datasync()
    })
    return this.#written
  }
}
