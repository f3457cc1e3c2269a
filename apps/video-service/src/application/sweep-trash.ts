import type { Clock } from '@balcao/kernel'
import type { ObjectStore } from '@balcao/platform'
import { outputsOf, type Video } from '../domain/video.ts'
import { discardParts } from './abort-upload.ts'
import type { Journal } from './journal.ts'

export interface Trash {
  /** Videos deleted before a moment, with where their original was archived. */
  deletedBefore(moment: Date, limit: number): Promise<{ video: Video; archiveKey: string | undefined }[]>
  /** Removes the row, if it still lies in the trash. */
  erase(id: string): Promise<void>
}

const KEPT_SECONDS = 30 * 86_400
const BATCH = 20

/** Erases what has lain in the trash for 30 days: objects first, so that a crash leaves the row to try again. */
export class SweepTrash {
  constructor(
    private readonly trash: Trash,
    private readonly objects: Pick<ObjectStore, 'delete' | 'deleteBelow' | 'abortUpload'>,
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly buckets: { temp: string; media: string },
  ) {}

  async run(): Promise<void> {
    const limit = new Date(this.clock.now().getTime() - KEPT_SECONDS * 1000)
    for (const { video, archiveKey } of await this.trash.deletedBefore(limit, BATCH)) {
      await this.objects.deleteBelow(this.buckets.media, outputsOf(video))
      if (archiveKey) await this.objects.delete(this.buckets.media, archiveKey)
      if (video.state === 'uploading') await discardParts(this.objects, this.buckets.temp, video)
      await this.objects.delete(this.buckets.temp, video.key)
      await this.trash.erase(video.id)
      this.journal.record('video_erased', { videoId: video.id })
    }
  }
}
