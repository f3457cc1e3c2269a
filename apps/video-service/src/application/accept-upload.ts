import type { Clock } from '@balcao/kernel'
import type { JobQueue, ObjectStore, Sql } from '@balcao/platform'
import { PROCESS_QUEUE } from '../domain/job.ts'
import type { Journal } from './journal.ts'
import type { Videos } from './videos.ts'

export type Acceptance = 'accepted' | 'already' | 'refused' | 'unknown'

/** The bytes of an upload are in the store. Three paths end here (completion by the API, the store's ObjectCreated,
 *  the sweeper), in any order and any number of times; one job comes of it, in the transaction that moves the video. */
export class AcceptUpload {
  constructor(
    private readonly videos: Videos,
    private readonly sql: Pick<Sql, 'transaction'>,
    private readonly jobs: Pick<JobQueue, 'enqueue'>,
    private readonly objects: Pick<ObjectStore, 'delete'>,
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly bucket: string,
  ) {}

  /** The store's word that bytes arrived. Only what lies where uploads go concerns us. */
  async announced(stored: { bucket: string; key: string; size: number; etag: string }): Promise<void> {
    if (stored.bucket === this.bucket && stored.key.startsWith('input/')) await this.run(stored)
  }

  /** @returns `refused` where the size is not the declared one: the object goes, the upload may be sent again;
   *  `unknown` where no video waits for that key (an upload aborted meanwhile): the object goes too */
  async run(stored: { bucket: string; key: string; size: number; etag: string }): Promise<Acceptance> {
    const etag = stored.etag.replaceAll('"', '')
    const answer = await this.sql.transaction(async (): Promise<Acceptance> => {
      const video = await this.videos.lockByKey(stored.bucket, stored.key)
      if (!video) return 'unknown'
      if (video.state !== 'uploading') return 'already'
      if (video.size !== undefined && video.size !== stored.size) {
        this.journal.record('upload_refused', { videoId: video.id, declared: video.size, sent: stored.size })
        return 'refused'
      }
      await this.videos.queue(video, { bucket: stored.bucket, size: stored.size, etag }, this.clock.now())
      await this.jobs.enqueue(PROCESS_QUEUE, { jobId: video.jobId }, { key: video.jobId })
      this.journal.record('upload_completed', { videoId: video.id, jobId: video.jobId, size: stored.size })
      return 'accepted'
    })
    if (answer === 'refused' || answer === 'unknown') await this.objects.delete(stored.bucket, stored.key)
    return answer
  }
}
