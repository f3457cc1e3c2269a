import { watch } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@balcao/kernel'
import type { PassEvents } from '../../application/ports/transcoder.ts'
import { beginOf, HEAD_BYTES } from '../iso/fragments.ts'
import { files } from './ffmpeg-arguments.ts'
import { headOf } from './head-of.ts'
import { parseMediaPlaylist } from './playlist.ts'

/** Tells of every segment that ffmpeg has finished in `dir`, in order, by its own playlists: a segment stands there once
 *  it is whole. The system's notice of a renamed file makes it quick; `look` makes it sure. */
export class WatchOutputs {
  readonly #told: { segments: number; init?: Buffer }[]
  #poster = false
  #looking: Promise<void> | undefined
  #again = false
  readonly #watcher

  constructor(
    private readonly dir: string,
    outputs: number,
    /** Seconds by which the film's times are late in its segments. */
    private readonly lateness: number,
    private readonly events: PassEvents,
  ) {
    this.#told = Array.from({ length: outputs }, () => ({ segments: 0 }))
    this.#watcher = watch(dir, (_, name) => {
      if (name?.endsWith('.m3u8') || name === files.poster) this.lookSoon()
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

  /** What cannot be read now is read by the next look, and the last one says so. */
  lookSoon(): void {
    this.look().catch(() => {})
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
    const initPath = join(this.dir, init)
    const told = this.#told[output]!
    for (const [number, { file, durationSeconds }] of segments.entries()) {
      if (number < told.segments) continue
      const path = join(this.dir, file)
      told.init ??= await headOf(initPath, HEAD_BYTES)
      const time = beginOf(told.init, await headOf(path, HEAD_BYTES))
      // Players would take it for one in centuries.
      if (time < 0) throw new AppError('unavailable', 'video/verification_failed', 'Um trecho começa antes do vídeo.')
      const begin = time - this.lateness
      told.segments = number + 1
      this.events.onSegment({ output, number, extent: { begin, end: begin + durationSeconds }, path, initPath })
    }
  }
}
