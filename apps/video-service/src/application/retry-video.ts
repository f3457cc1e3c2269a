import { AppError, type Clock } from '@balcao/kernel'
import type { JobQueue, Sql } from '@balcao/platform'
import { PROCESS_QUEUE } from '../domain/job.ts'
import { isRetryable, type Video } from '../domain/video.ts'
import type { Journal } from './journal.ts'
import type { Videos } from './videos.ts'

/** Processes a failed video again, from the upload that was kept. */
export class RetryVideo {
  constructor(
    private readonly videos: Videos,
    private readonly sql: Pick<Sql, 'transaction'>,
    private readonly jobs: Pick<JobQueue, 'enqueue'>,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  /** @throws AppError `video/not_found`, `video/in_trash`, `video/wrong_state`, `video/rejected` */
  async run(input: { owner: string; id: string }): Promise<Video> {
    return this.sql.transaction(async () => {
      const video = await this.videos.lock(input.owner, input.id)
      if (video.deletedAt)
        throw new AppError('conflict', 'video/in_trash', 'O vídeo está na lixeira: restaure-o antes.')
      if (video.state !== 'failed') {
        throw new AppError('conflict', 'video/wrong_state', 'Só um vídeo que falhou pode ser processado de novo.')
      }
      if (!isRetryable(video)) {
        throw new AppError(
          'conflict',
          'video/rejected',
          'Este arquivo seria recusado de novo pelo mesmo motivo: envie outro.',
          { problem: video.problem?.code },
        )
      }
      await this.videos.requeue(video, this.clock.now())
      await this.jobs.enqueue(PROCESS_QUEUE, { jobId: video.jobId }, { key: video.jobId })
      this.journal.record('video_retried', { videoId: video.id })
      return this.videos.get(input.owner, input.id)
    })
  }
}
