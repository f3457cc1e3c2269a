import type { Clock } from '@balcao/kernel'
import type { ObjectStore } from '@balcao/platform'
import type { Video } from '../domain/video.ts'
import type { AbortUpload } from './abort-upload.ts'
import type { AcceptUpload } from './accept-upload.ts'
import type { Journal } from './journal.ts'

export interface OpenUploads {
  /** Uploads not complete and older than `before`, those looked at longest ago first; marks them as looked at. */
  takeOpen(now: Date, before: Date, limit: number): Promise<{ video: Video; activeAt: Date }[]>
}

/** Seconds in which the store's own word of a new object is expected. */
const GRACE_SECONDS = 60
/** A sign of life is the signing of parts: every part that arrives was signed within the hour before it set out. The
 *  store counts the same days from the last byte of a part, so neither ends an upload that the other sees alive, but
 *  for one that signs and sends nothing (`AbortUpload.gone`). */
const ABANDONED_SECONDS = 7 * 86_400
const BATCH = 100

/** Finds uploads whose bytes arrived without anyone saying so, and gives up those without a sign of life for 7 days. */
export class SweepUploads {
  constructor(
    private readonly open: OpenUploads,
    private readonly accept: AcceptUpload,
    private readonly abort: AbortUpload,
    private readonly objects: Pick<ObjectStore, 'head'>,
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly bucket: string,
  ) {}

  async run(): Promise<void> {
    const now = this.clock.now()
    const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
    for (const { video, activeAt } of await this.open.takeOpen(now, ago(GRACE_SECONDS), BATCH)) {
      const stored = await this.objects.head(this.bucket, video.key)
      if (stored && (await this.accept.run({ bucket: this.bucket, ...stored })) === 'accepted') {
        this.journal.record('upload_recovered', { videoId: video.id })
      } else if (!stored && activeAt < ago(ABANDONED_SECONDS)) {
        await this.abort.abandon(video, ago(ABANDONED_SECONDS))
      }
    }
  }
}
