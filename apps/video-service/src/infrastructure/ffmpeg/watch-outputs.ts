import { watch } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PassEvents } from '../../application/ports/transcoder.ts'
import { files } from './ffmpeg-arguments.ts'
import { parseMediaPlaylist } from './playlist.ts'

/** Tells of every segment that ffmpeg has finished in `dir`, in order, by its own playlists: a segment stands there once
 *  it is whole. The system's notice of a renamed file makes it quick; `look` makes it sure. */
export class WatchOutputs {
  readonly #told: number[]
  #poster = false
  #looking: Promise<void> | undefined
  #again = false
  readonly #watcher

  constructor(
    private readonly dir: string,
    outputs: number,
    private readonly events: PassEvents,
  ) {
    this.#told = Array.from({ length: outputs }, () => 0)
    this.#watcher = watch(dir, (_, name) => {
      if (name?.endsWith('.m3u8') || name === files.poster) this.look()
    })
    // Where the system cannot watch (no inotify left), the looks that progress causes are enough.
    this.#watcher.on('error', () => undefined)
  }

  /** Reads the playlists now; when it is reading already, once more afterwards. */
  look(): Promise<void> {
    if (this.#looking) {
      this.#again = true
      return this.#looking
    }
    this.#looking = this.#read().finally(() => {
      this.#looking = undefined
      if (!this.#again) return
      this.#again = false
      return this.look()
    })
    return this.#looking
  }

  /** Tells the rest, after ffmpeg has ended. */
  async end(): Promise<void> {
    this.#watcher.close()
    await this.look()
    await this.look()
  }

  async #read(): Promise<void> {
    for (const output of this.#told.keys()) await this.#readPlaylist(output)
    if (this.#poster) return
    const poster = join(this.dir, files.poster)
    await access(poster).then(
      () => {
        this.#poster = true
        this.events.onPoster(poster)
      },
      () => undefined,
    )
  }

  async #readPlaylist(output: number): Promise<void> {
    const text = await readFile(join(this.dir, files.playlist(output)), 'utf8').catch(() => '')
    const { init, segments } = parseMediaPlaylist(text)
    if (!init) return
    for (let number = this.#told[output]!; number < segments.length; number++) {
      const { file, durationSeconds } = segments[number]!
      this.#told[output] = number + 1
      this.events.onSegment({
        output,
        number,
        durationSeconds,
        path: join(this.dir, file),
        initPath: join(this.dir, init),
      })
    }
  }
}
