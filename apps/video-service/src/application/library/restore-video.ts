import { refusals } from '../../domain/refusals.ts'
import { trashKeepsSince, type Video } from '../../domain/video.ts'
import type { Needs } from '../needs.ts'
import { wake } from '../ports/queues.ts'
import type { Withholding } from './withhold-video.ts'

/** Takes a video out of the trash, for as long as that keeps it. A job that no worker took meanwhile is woken again. */
export class RestoreVideo {
  constructor(
    private readonly need: Pick<Needs, 'videos' | 'jobs' | 'queue' | 'tell' | 'transaction' | 'clock'> & Withholding,
  ) {}

  /** @throws AppError `video/not_found` */
  async run(input: { owner: string; id: string }): Promise<Video> {
    const { videos, jobs, queue, tell, transaction, clock, withhold } = this.need
    const which = { videoId: input.id, owner: input.owner }
    const restored = await transaction(async () => {
      const video = await videos.lock(input.owner, input.id)
      if (!video.deletedAt) return video
      // Its objects may be going while its row still stands.
      if (video.deletedAt < trashKeepsSince(clock.now())) throw refusals.videoNotFound()
      const { id, jobId } = video
      await videos.setDeleted(id, undefined)
      if (video.state === 'queued') await wake(queue, await jobs.laneOf(jobId), jobId)
      await queue.enqueue('withhold-video', which, { key: id })
      if (video.posterPending) await queue.enqueue('make-poster', which, { key: id })
      await tell.video_restored({ videoId: id })
      return { ...video, deletedAt: undefined }
    })
    await withhold(which)
    return restored
  }
}
