import type { Clock } from '@balcao/kernel'
import type { ObjectStore } from '@balcao/platform'
import { outputsOf, trashKeepsSince, type Video } from '../domain/video.ts'
import { discardParts } from './abort-upload.ts'
import type { Journal } from './journal.ts'

export interface DeletedVideo {
  readonly video: Video
  /** Where its original was archived, in the media bucket. */
  readonly archiveKey: string | undefined
}

export interface Trash {
  /** Videos deleted before a moment, those longest ago first. */
  deletedBefore(moment: Date, limit: number): Promise<DeletedVideo[]>
  /** Removes the row, if it still lies in the trash. */
  erase(id: string): Promise<void>
}

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
    const limit = trashKeepsSince(this.clock.now())
    for (;;) {
      const page = await this.trash.deletedBefore(limit, BATCH)
      for (const each of page) await this.erase(each)
      if (page.length < BATCH) return
    }
  }

  private async erase({ video, archiveKey }: DeletedVideo): Promise<void> {
    await this.objects.deleteBelow(this.buckets.media, outputsOf(video))
    if (archiveKey) await this.objects.delete(this.buckets.media, archiveKey)
    if (video.state === 'uploading') await discardParts(this.objects, this.buckets.temp, video)
    await this.objects.delete(this.buckets.temp, video.key)
    await this.trash.erase(video.id)
    this.journal.record('video_erased', { videoId: video.id })
  }
}
