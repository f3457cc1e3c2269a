import type { Damage } from '../../domain/media/damage.ts'
import type { EncodedPlan } from '../../domain/media/plan.ts'
import { previewOf, previewSeconds } from '../../domain/media/preview.ts'
import type { Needs } from '../needs.ts'
import type { Making } from './making.ts'
import { PublishPass } from './publish-pass.ts'

/** Milliseconds after which others get their turn, however little there is to see. */
const PATIENCE_MS = 10_000

/** Seconds by which the pass is longer, so that the key frame comes at which the last segment ends, and those by which a
 *  segment's end may be off. */
const A_BIT_MORE = 0.5
const OFF = 0.25

/** The beginning of a film that takes long to encode, in its smallest picture and with its sound: whoever sent it sees at
 *  once what it is, and the whole film goes on from there. */
export class MakePreview {
  constructor(
    private readonly need: Pick<Needs, 'work' | 'jobs' | 'films' | 'media' | 'clock'>,
    private readonly making: Making & { readonly plan: EncodedPlan },
  ) {}

  /** @returns what could not be read, where it came to its end  @throws what `Workplace.pass` throws, and the signal's reason */
  async run(signal: AbortSignal): Promise<Damage | undefined> {
    const { plan, job } = this.making
    const until = previewSeconds(plan.picture, await this.need.jobs.isEncodedLater(job.id))
    const pass = new PublishPass(
      this.need,
      { ...this.making, plan: previewOf(plan) },
      {
        name: 'preview',
        keep: false,
        stretch: { from: 0, phase: 0, until: until + A_BIT_MORE, poster: true },
        // What comes last is cut off where the preview ends.
        isPart: ({ extent }) => extent.end < until + OFF,
        patience: AbortSignal.timeout(PATIENCE_MS),
      },
      signal,
    )
    const passed = await pass.run()
    await pass.poster
    return passed?.damage
  }
}
