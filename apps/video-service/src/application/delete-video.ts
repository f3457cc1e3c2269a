import type { Clock } from '@balcao/kernel'
import type { JobQueue, Sql } from '@balcao/platform'
import { PROCESS_QUEUE } from '../domain/job.ts'
import { trashKeepsSince, type Video, videoNotFound } from '../domain/video.ts'
import type { Journal } from './journal.ts'
import type { Videos } from './videos.ts'

/** Moves a video to the trash, where it stays for 30 days. Twice is the same as once. */
export class DeleteVideo {
  constructor(
    private readonly videos: Videos,
    private readonly sql: Pick<Sql, 'transaction'>,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  /** @throws AppError `video/not_found` */
  async run(input: { owner: string; id: string }): Promise<void> {
    await this.sql.transaction(async () => {
      const video = await this.videos.lock(input.owner, input.id)
      if (video.deletedAt) return
      await this.videos.setDeleted(video.id, this.clock.now())
      this.journal.record('video_deleted', { videoId: video.id })
    })
  }
}

/** Takes a video out of the trash, for as long as that keeps it. A job that no worker took meanwhile is woken again. */
export class RestoreVideo {
  constructor(
    private readonly videos: Videos,
    private readonly sql: Pick<Sql, 'transaction'>,
    private readonly jobs: Pick<JobQueue, 'enqueue'>,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  /** @throws AppError `video/not_found` */
  async run(input: { owner: string; id: string }): Promise<Video> {
    return this.sql.transaction(async () => {
      const video = await this.videos.lock(input.owner, input.id)
      if (!video.deletedAt) return video
      // Its objects may be going while its row still stands.
      if (video.deletedAt < trashKeepsSince(this.clock.now())) throw videoNotFound()
      await this.videos.setDeleted(video.id, undefined)
      if (video.state === 'queued') {
        await this.jobs.enqueue(PROCESS_QUEUE, { jobId: video.jobId }, { key: video.jobId })
      }
      this.journal.record('video_restored', { videoId: video.id })
      return this.videos.get(input.owner, input.id)
    })
  }
}
