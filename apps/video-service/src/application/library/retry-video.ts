import { refusals } from '../../domain/refusals.ts'
import { isRetryable, type Video } from '../../domain/video.ts'
import type { Needs } from '../needs.ts'
import { wake } from '../ports/queues.ts'

/** Processes a failed video again, from the upload that was kept. */
export class RetryVideo {
  constructor(private readonly need: Pick<Needs, 'videos' | 'jobs' | 'work' | 'queue' | 'tell' | 'transaction'>) {}

  /** @throws AppError `video/not_found`, `video/in_trash`, `video/wrong_state`, `video/rejected` */
  run(input: { owner: string; id: string }): Promise<Video> {
    const { videos, jobs, work, queue, tell, transaction } = this.need
    return transaction(async () => {
      const video = await videos.lock(input.owner, input.id)
      if (video.deletedAt) throw refusals.inTrash()
      if (video.state !== 'failed') throw refusals.notFailed()
      if (!isRetryable(video)) throw refusals.rejected(video.problem?.code)
      const { id, jobId } = video
      await work.redrive(jobId, async () => {
        await videos.move(id, 'queued')
        await jobs.setLane(jobId, 'look')
        await wake(queue, 'look', jobId)
        await tell.video_retried({ videoId: id })
      })
      return { ...video, state: 'queued', problem: undefined, percent: 0, etaSeconds: undefined }
    })
  }
}
