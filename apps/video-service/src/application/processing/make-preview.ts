import { span } from '@balcao/platform'
import type { Damage } from '../../domain/media/damage.ts'
import type { EncodedPicture, Plan } from '../../domain/media/plan.ts'
import { PREVIEW_SECONDS, previewOf } from '../../domain/media/preview.ts'
import type { Needs } from '../needs.ts'
import type { FilmInWork } from '../ports/films.ts'
import type { FilmAttempt } from '../ports/jobs.ts'
import type { Workplace, WrittenSegment } from '../ports/transcoder.ts'
import { publishPoster } from './publish-poster.ts'
import { PublishRenditions } from './publish-renditions.ts'

/** Milliseconds after which others get their turn, however little there is to see. */
const PATIENCE_MS = 10_000

/** Seconds. */
const A_FRAME = 0.1

/** The beginning of a film that takes long to encode, in its smallest picture and with its sound: whoever sent it sees at
 *  once what it is, and the whole film goes on from there. */
export class MakePreview {
  constructor(
    private readonly need: Pick<Needs, 'work' | 'films' | 'media' | 'clock'>,
    private readonly job: FilmAttempt,
    private readonly film: FilmInWork,
    private readonly place: Workplace,
    private readonly plan: Plan & { readonly picture: EncodedPicture },
  ) {}

  /** @returns what could not be read, where it came to its end  @throws what `Workplace.pass` throws, and the signal's reason */
  async run(signal: AbortSignal): Promise<Damage | undefined> {
    const { job, film, place, plan } = this
    const failure = new AbortController()
    const patience = AbortSignal.timeout(PATIENCE_MS)
    const publish = new PublishRenditions(this.need, job, film, previewOf(plan), false, (error) => failure.abort(error))
    let poster: Promise<string> | undefined
    const events = {
      // What comes last is cut off where the preview ends.
      onSegment: (segment: WrittenSegment) => {
        if (segment.extent.end < PREVIEW_SECONDS + A_FRAME) publish.add(segment)
      },
      onPoster: (path: string) => {
        poster = publishPoster(this.need, job, film, path)
        poster.catch((error) => failure.abort(error))
      },
      onProgress: () => {},
    }
    const until = PREVIEW_SECONDS + plan.picture.segmentSeconds
    const stretch = { from: 0, phase: 0, until, poster: true }
    const stop = AbortSignal.any([signal, patience, failure.signal])
    const passing = span('preview', { 'video.plan': plan.name }, () =>
      place.pass(previewOf(plan), stretch, events, stop),
    )
    const passed = await passing.catch(async (error) => {
      if (error === patience.reason) return undefined
      await publish.abandon()
      throw error
    })
    await publish.drained()
    await poster
    return passed?.damage
  }
}
