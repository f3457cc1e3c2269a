import { readFile, rm, stat } from 'node:fs/promises'
import { AppError } from '@balcao/kernel'
import type { Extent } from '../../domain/media/extent.ts'
import { maxRate } from '../../domain/media/ladder.ts'
import type { Plan } from '../../domain/media/plan.ts'
import { avcCodec } from '../../domain/media/rfc6381.ts'
import type { Made } from '../../domain/media/verify.ts'
import { LONGEST_SEGMENT } from '../../domain/playlist.ts'
import type { Needs } from '../needs.ts'
import type { Rendition } from '../ports/films.ts'
import { type FilmAttempt, outputPrefix } from '../ports/jobs.ts'
import type { WrittenSegment } from '../ports/transcoder.ts'

/** Uploads at once; more would take the disk from ffmpeg. */
const UPLOADS = 4
const tooLong = () => new AppError('unavailable', 'video/verification_failed', 'Um trecho ficou longo demais.')

const AUDIO_BIT_RATE = 140_000

interface Track {
  /** Ends when everything written so far is recorded, in order. */
  recorded: Promise<void>
  /** Of film that is recorded so far. */
  extent: Extent | undefined
}

/** Puts segments into the media bucket while ffmpeg still writes, several at a time, and records them in order, so that
 *  a playlist never has a gap. */
export class PublishRenditions {
  readonly #tracks: Track[]
  #free = UPLOADS
  readonly #waiting: (() => void)[] = []
  #playable = false

  constructor(
    private readonly need: Pick<Needs, 'work' | 'films' | 'media' | 'clock'>,
    private readonly job: FilmAttempt,
    private readonly plan: Plan,
    /** Renditions whose files are needed again for the MP4. */
    private readonly keep: (output: number) => boolean,
    /** Called once when something could not be published: there is no use in going on. */
    private readonly onFailure: (error: unknown) => void,
  ) {
    const count = (plan.picture?.rungs.length ?? 0) + (plan.sound ? 1 : 0)
    this.#tracks = Array.from({ length: count }, () => ({ recorded: Promise.resolve(), extent: undefined }))
  }

  /** What each kind of track holds: all pictures are as long as the best. */
  get made(): Made {
    const pictures = this.plan.picture?.rungs.length ?? 0
    return {
      picture: pictures > 0 ? this.#tracks[0]?.extent : undefined,
      sound: this.#tracks[pictures]?.extent,
    }
  }

  add(segment: WrittenSegment): void {
    if (Math.round(segment.extent.end - segment.extent.begin) > LONGEST_SEGMENT) {
      this.onFailure(tooLong())
      return
    }
    const track = this.#tracks[segment.output]!
    const uploaded = this.#limited(() => this.#upload(segment))
    const before = track.recorded
    track.recorded = Promise.all([uploaded, before]).then(([size]) => this.#record(track, segment, size))
    // Whoever awaits `drained` gets the error; this keeps it from being unhandled until then.
    track.recorded.catch(this.onFailure)
  }

  /** Everything is recorded. */
  async drained(): Promise<void> {
    await Promise.all(this.#tracks.map((track) => track.recorded))
  }

  /** Whether every rendition that was planned exists. */
  get complete(): boolean {
    return this.#tracks.every((track) => track.extent)
  }

  async #upload(segment: WrittenSegment): Promise<number> {
    const { size } = await stat(segment.path)
    await this.need.media.put(
      this.#key(segment.output, `${segment.number}.m4s`),
      { path: segment.path },
      'video/iso.segment',
    )
    if (!this.keep(segment.output)) await rm(segment.path)
    return size
  }

  async #record(track: Track, segment: WrittenSegment, size: number): Promise<void> {
    const { job } = this
    const { work, films, media, clock } = this.need
    const { number, extent, output } = segment
    const durationSeconds = extent.end - extent.begin
    if (number === 0) {
      const init = await readFile(segment.initPath)
      const initKey = this.#key(output, 'init.mp4')
      await media.put(initKey, init, 'video/mp4')
      const rendition = this.#announced(output, init, initKey)
      await work.fenced(job, () => films.addRendition(job, rendition))
    }
    const key = this.#key(output, `${number}.m4s`)
    const rendition = this.#name(output)
    await work.fenced(job, () => films.addSegment(job, { rendition, number, durationSeconds, key, size }))
    // Only now: another track would else call a film playable of which this one cannot be played yet.
    track.extent = { begin: track.extent?.begin ?? extent.begin, end: extent.end }
    if (!this.#playable && this.complete) {
      this.#playable = true
      await work.fenced(job, () => films.show(job, clock.now()))
    }
  }

  /** What a rendition says of itself before it is complete: no less than what comes, where that is bounded. */
  #announced(output: number, init: Buffer, initKey: string): Rendition {
    const { picture, sound } = this.plan
    const rung = picture?.rungs[output]
    if (!picture || !rung) {
      return {
        name: this.#name(output),
        kind: 'audio',
        bandwidth: AUDIO_BIT_RATE,
        averageBandwidth: AUDIO_BIT_RATE,
        width: undefined,
        height: undefined,
        frameRate: undefined,
        codecs: sound!.codecs,
        initKey,
      }
    }
    const bandwidth = picture.how === 'encode' ? maxRate(rung, picture.frameRate) : 0
    return {
      name: this.#name(output),
      kind: 'video',
      bandwidth,
      averageBandwidth: bandwidth,
      width: rung.width,
      height: rung.height,
      frameRate: picture.frameRate,
      codecs: avcCodec(init),
      initKey,
    }
  }

  #name(output: number): string {
    return this.plan.picture?.rungs[output]?.name ?? 'audio'
  }

  #key(output: number, file: string): string {
    return `${outputPrefix(this.job)}${this.#name(output)}/${file}`
  }

  async #limited<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }
}
