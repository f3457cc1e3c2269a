import { span } from '@balcao/platform'
import type { Needs } from '../needs.ts'
import type { Stretch, Workplace, WrittenSegment } from '../ports/transcoder.ts'
import type { Making } from './making.ts'
import { publishPoster } from './publish-poster.ts'
import { PublishRenditions } from './publish-renditions.ts'

interface PassOptions {
  /** Of its span. */
  readonly name: string
  /** Whether the files of its segments are needed again. */
  readonly keep: boolean
  readonly stretch: Stretch
  /** Which segments are part of the film; all where it is absent. */
  readonly isPart?: (segment: WrittenSegment) => boolean
  readonly onProgress?: (seconds: number) => void
  /** Ends the pass with what is there by then, which is no failure. */
  readonly patience?: AbortSignal
}

/** One pass of ffmpeg over one upload, whose segments and poster are published as they are written. */
export class PublishPass {
  /** Ends the pass and not the attempt: another way may be tried by it. */
  readonly #failure = new AbortController()
  /** Aborts when nothing comes of it any more. */
  readonly stop: AbortSignal
  readonly renditions: PublishRenditions
  /** Its key, once it is there. */
  poster: Promise<string> | undefined

  constructor(
    private readonly need: Pick<Needs, 'work' | 'films' | 'media' | 'clock'>,
    private readonly making: Making,
    private readonly options: PassOptions,
    signal: AbortSignal,
  ) {
    this.stop = AbortSignal.any([signal, this.#failure.signal])
    this.renditions = new PublishRenditions(need, making, options.keep, (error) => this.#failure.abort(error))
  }

  /** Resolves when all that was written is recorded.
   *  @returns what the pass told; undefined where patience ended it
   *  @throws what `Workplace.pass` throws, and the signal's reason */
  async run(): Promise<Awaited<ReturnType<Workplace['pass']>> | undefined> {
    const { renditions } = this
    const { plan, place } = this.making
    const { name, stretch, isPart, onProgress, patience } = this.options
    const events = {
      onSegment: (segment: WrittenSegment) => {
        if (isPart?.(segment) ?? true) renditions.add(segment)
      },
      onPoster: (path: string) => {
        this.poster = publishPoster(this.need, this.making, path)
        this.poster.catch((error) => this.#failure.abort(error))
      },
      onProgress: (seconds: number) => onProgress?.(seconds),
    }
    const stop = patience ? AbortSignal.any([this.stop, patience]) : this.stop
    const passing = span(name, { 'video.plan': plan.name }, () => place.pass(plan, stretch, events, stop))
    const passed = await passing.catch(async (error) => {
      if (patience && error === patience.reason) return undefined
      await renditions.abandon()
      throw error
    })
    await renditions.drained()
    return passed
  }
}
