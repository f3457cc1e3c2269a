import type { Needs } from '../needs.ts'
import type { AcceptUpload } from './accept-upload.ts'
import type { CancelUpload } from './cancel-upload.ts'

/** Seconds in which the store's own word of a new object is expected. */
const GRACE_SECONDS = 60
/** A sign of life is the signing of parts: every part that arrives was signed within the hour before it set out. The
 *  store counts the same days from the last byte of a part, so neither ends an upload that the other sees alive, but
 *  for one that signs and sends nothing. */
const ABANDONED_SECONDS = 7 * 86_400
const BATCH = 100

/** Finds uploads whose bytes arrived without anyone saying so, and gives up those without a sign of life for 7 days. */
export class SweepUploads {
  constructor(
    private readonly need: Pick<Needs, 'openUploads' | 'temp' | 'tell' | 'clock'> & {
      accept: AcceptUpload
      cancel: CancelUpload
    },
  ) {}

  async run(): Promise<void> {
    const { openUploads, temp, tell, clock, accept, cancel } = this.need
    const now = clock.now()
    const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
    for (const { video, activeAt } of await openUploads.takeOpen(now, ago(GRACE_SECONDS), BATCH)) {
      const stored = await temp.head(video.key)
      if (stored && (await accept.run(stored)).answer === 'accepted') {
        await tell.upload_recovered({ videoId: video.id })
      } else if (!stored && activeAt < ago(ABANDONED_SECONDS)) {
        await cancel.abandon(video, ago(ABANDONED_SECONDS))
      }
    }
  }
}
