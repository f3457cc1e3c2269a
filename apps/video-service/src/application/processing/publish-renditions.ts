import { readFile, rm, stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { AppError } from '@balcao/kernel'
import { Superseded } from '@balcao/platform'
import type { Extent } from '../../domain/media/extent.ts'
import { renditionCount } from '../../domain/media/plan.ts'
import type { Made } from '../../domain/media/verify.ts'
import { LONGEST_SEGMENT } from '../../domain/playlist.ts'
import type { Needs } from '../needs.ts'
import type { BegunRendition, Segment } from '../ports/films.ts'
import { outputKey } from '../ports/jobs.ts'
import type { LocalRendition } from '../ports/packer.ts'
import type { WrittenSegment } from '../ports/transcoder.ts'
import { announced, nameOf } from './announced.ts'
import type { Making } from './making.ts'

/** Uploads at once; more would take the disk from ffmpeg. */
const UPLOADS = 4
/** Seconds by which the same moment may be told differently. */
const MOMENT = 0.01
const tooLong = () => new AppError('unavailable', 'video/verification_failed', 'Um trecho ficou longo demais.')
/** What a pass made does not go together with what others began; a film of its own helps. */
export class DoesNotGoOn extends Error {
  override readonly name = 'DoesNotGoOn'
}

interface RenditionSoFar {
  /** Of those who worked on this film before. */
  readonly before: BegunRendition | undefined
  /** Ends when everything written so far is recorded, in order. */
  recorded: Promise<void>
  /** Where the next segment begins. */
  end: number | undefined
  /** As this pass wrote it. */
  initPath: string | undefined
  /** Of film that is recorded so far. */
  extent: Extent | undefined
  /** In order, with the file that holds it as long as that is needed. */
  readonly segments: { key: string; durationSeconds: number; path: string | undefined }[]
}

/** Puts segments into the media bucket while ffmpeg still writes, several at a time, and records them in order, so that
 *  a playlist never has a gap. What is there of a film that others began is not published again. */
export class PublishRenditions {
  readonly #renditions: RenditionSoFar[]
  readonly #uploading = new Set<Promise<unknown>>()
  #abandoned = false
  #free = UPLOADS
  readonly #waiting: (() => void)[] = []
  #shown: boolean

  constructor(
    private readonly need: Pick<Needs, 'work' | 'films' | 'media' | 'clock'>,
    private readonly making: Pick<Making, 'job' | 'film' | 'plan'>,
    /** Files are needed again, to be packed. */
    private readonly keep: boolean,
    /** Called once when something could not be published: there is no use in going on. */
    private readonly onFailure: (error: unknown) => void,
  ) {
    const { film, plan } = making
    this.#renditions = Array.from({ length: renditionCount(plan) }, (_, output) =>
      soFar(film.begun.get(nameOf(plan, output))),
    )
    this.#shown = film.begun.size > 0
  }

  /** What each kind of rendition holds: all pictures are as long as the best. */
  get made(): Made {
    return {
      picture: this.#seen[0]?.extent,
      sounds: this.#heard.map(({ extent }) => extent),
    }
  }

  add(segment: WrittenSegment): void {
    // ffmpeg writes one segment, of no length, for a sound that holds nothing; the film may have others.
    if (segment.output >= this.#pictures && segment.extent.end <= segment.extent.begin) return
    const rendition = this.#renditions[segment.output]!
    const wrong = whatIsWrong(rendition, segment)
    if (wrong) {
      this.onFailure(wrong)
      return
    }
    rendition.initPath = segment.initPath
    if (rendition.before && segment.number === 0) rendition.recorded = this.#goesOn(rendition.before, segment)
    if (isThere(rendition, segment.extent)) this.#skip(rendition, segment)
    else this.#publish(rendition, segment)
    // Whoever awaits `drained` gets the error; this keeps it from being unhandled until then.
    rendition.recorded.catch(this.onFailure)
  }

  /** Everything is recorded. */
  async drained(): Promise<void> {
    await Promise.all(this.#renditions.map((rendition) => rendition.recorded))
  }

  /** Nothing comes of it: what waits is not uploaded any more, and nothing reads files of the place once this is over. */
  async abandon(): Promise<void> {
    this.#abandoned = true
    await Promise.allSettled(this.#uploading)
  }

  /** Whether all that a film needs exists: every picture, and one of its sounds. */
  get complete(): boolean {
    const [seen, heard] = [this.#seen, this.#heard]
    return seen.every(({ extent }) => extent) && (heard.length === 0 || heard.some(({ extent }) => extent))
  }

  /** Every rendition that holds something as files of this machine, in the plan's order.  @param fetch makes one of what lies in the store
   *  only, by that name */
  local(fetch: (key: string, name: string) => Promise<string>): Promise<LocalRendition[]> {
    const made = this.#renditions
      .map((rendition, output) => ({ rendition, output }))
      .filter(({ rendition }) => rendition.extent)
    return Promise.all(
      made.map(async ({ rendition: { before, segments, initPath }, output }) => {
        const init = initPath ?? (await fetch(before!.initKey, `before_${output}_init.mp4`))
        const files: LocalRendition['segments'][number][] = []
        for (const [number, { key, path, durationSeconds }] of segments.entries())
          files.push({ path: path ?? (await fetch(key, `before_${output}_${number}.m4s`)), durationSeconds })
        return { name: nameOf(this.making.plan, output), initPath: init, segments: files }
      }),
    )
  }

  #publish(rendition: RenditionSoFar, written: WrittenSegment): void {
    const { extent, output, path } = written
    const number = rendition.segments.length
    const key = this.#key(output, `${number}.m4s`)
    const durationSeconds = extent.end - extent.begin
    const segment = {
      rendition: nameOf(this.making.plan, output),
      number,
      beginSeconds: extent.begin,
      durationSeconds,
      key,
    }
    rendition.segments.push({ key, durationSeconds, path: this.keep ? path : undefined })
    rendition.end = extent.end
    const uploaded = this.#limited(() => this.#upload(written, key))
    const over = () => this.#uploading.delete(uploaded)
    this.#uploading.add(uploaded)
    uploaded.then(over, over)
    const before = rendition.recorded
    rendition.recorded = Promise.all([uploaded, before]).then(([size]) =>
      this.#record(rendition, written, { ...segment, size }),
    )
  }

  async #upload({ path }: WrittenSegment, key: string): Promise<number> {
    const { size } = await stat(path)
    await this.need.media.put(key, { path }, 'video/iso.segment')
    if (!this.keep) await rm(path)
    return size
  }

  async #record(
    rendition: RenditionSoFar,
    { extent, output, initPath }: WrittenSegment,
    segment: Segment,
  ): Promise<void> {
    const { job, film, plan } = this.making
    const { work, films, media, clock } = this.need
    if (segment.number === 0) {
      const init = await readFile(initPath)
      const initKey = this.#key(output, 'init.mp4')
      await media.put(initKey, init, 'video/mp4')
      await work.fenced(job, () => films.addRendition(film, announced(plan, output, init, initKey)))
    }
    await work.fenced(job, () => films.addSegment(film, segment))
    // Only now: another rendition would else call a film playable of which this one cannot be played yet.
    rendition.extent = { begin: rendition.extent?.begin ?? extent.begin, end: extent.end }
    if (!this.#shown && this.#playable) {
      this.#shown = true
      await work.fenced(job, () => films.show(film, clock.now()))
    }
  }

  /** Whether there is something to see, if there is a picture at all, and to hear: every sound that may be chosen then. */
  get #playable(): boolean {
    const [seen, heard] = [this.#seen, this.#heard]
    return (
      (seen.length === 0 || seen.some(({ extent }) => extent)) &&
      heard.every(({ extent }, at) => extent || this.making.plan.sounds[at]!.late)
    )
  }

  /** Others published it. */
  #skip(rendition: RenditionSoFar, { path, extent }: WrittenSegment): void {
    const at = rendition.before!.segments.findIndex(
      ({ beginSeconds }) => Math.abs(beginSeconds - extent.begin) < MOMENT,
    )
    if (this.keep && at >= 0) rendition.segments[at]!.path = path
    else rendition.recorded = Promise.all([rendition.recorded, rm(path)]).then(() => {})
  }

  /** @throws DoesNotGoOn where players could not go from those segments on to these */
  async #goesOn({ initKey }: BegunRendition, { initPath }: WrittenSegment): Promise<void> {
    const theirs = await buffer(await this.need.media.get(initKey))
    if (!theirs.equals(await readFile(initPath)))
      throw new DoesNotGoOn('The segments begin otherwise than those before.')
  }

  get #pictures(): number {
    return this.making.plan.picture?.rungs.length ?? 0
  }

  get #seen(): readonly RenditionSoFar[] {
    return this.#renditions.slice(0, this.#pictures)
  }

  get #heard(): readonly RenditionSoFar[] {
    return this.#renditions.slice(this.#pictures)
  }

  #key(output: number, file: string): string {
    const { job, film, plan } = this.making
    return outputKey(job, film, `${nameOf(plan, output)}/${file}`)
  }

  async #limited<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      if (this.#abandoned) throw new Superseded('The film is not made to its end.')
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }
}

/** Whether others published what is shown then. */
const isThere = ({ before, end }: RenditionSoFar, { begin }: Extent) =>
  before !== undefined && end !== undefined && begin < end - MOMENT

function whatIsWrong(rendition: RenditionSoFar, { number, extent }: WrittenSegment): Error | undefined {
  const { begin, end } = extent
  if (Math.round(end - begin) > LONGEST_SEGMENT) return tooLong()
  if (rendition.before === undefined || rendition.end === undefined) return undefined
  const overlaps = isThere(rendition, extent) && end > rendition.end + MOMENT
  const leavesOut = number === 0 && begin > rendition.end + MOMENT
  return overlaps || leavesOut ? new DoesNotGoOn(`It is ${begin} s to ${end} s, after ${rendition.end} s.`) : undefined
}

function soFar(before: BegunRendition | undefined): RenditionSoFar {
  const [first, last] = [before?.segments[0], before?.segments.at(-1)]
  const end = last && last.beginSeconds + last.durationSeconds
  return {
    before,
    recorded: Promise.resolve(),
    end,
    initPath: undefined,
    extent: first && { begin: first.beginSeconds, end: end! },
    segments: (before?.segments ?? []).map(({ key, durationSeconds }) => ({ key, durationSeconds, path: undefined })),
  }
}
