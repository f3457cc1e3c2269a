import { type FileHandle, mkdir, open, readFile, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What is known of an object at the target: only that it is being brought there, or the two entity tags under which
 *  it was found to be the same. */
export type Known = 'begun' | { readonly from: string; readonly to: string }

/** What a move has brought to the target, kept in a file of lines so that a move that was cut off goes on. What it
 *  begins is on disk before the target has it; losing other lines costs a second look at these objects. */
export class Journal {
  readonly #known: Map<string, Known>
  readonly #file: FileHandle

  private constructor(known: Map<string, Known>, file: FileHandle) {
    this.#known = known
    this.#file = file
  }

  static async open(path: string): Promise<Journal> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
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
    this.#known.set(key, 'begun')
    await this.#write([key])
    await this.#file.datasync()
  }

  async done(key: string, tags: { readonly from: string; readonly to: string }): Promise<void> {
    this.#known.set(key, { from: tags.from, to: tags.to })
    await this.#write([key, tags.from, tags.to])
  }

  async forget(key: string): Promise<void> {
    this.#known.delete(key)
    await this.#write([key, ''])
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  async #write(line: readonly string[]): Promise<void> {
    await this.#file.appendFile(`${JSON.stringify(line)}\n`)
  }
}
