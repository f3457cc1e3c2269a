import type { ObjectStore } from '@balcao/platform'
import { type FinishedJob, type JobLog, outputPrefix } from './job-log.ts'

/** Puts a finished job's upload away and clears what older attempts wrote. The upload leaves the temp place once the
 *  job is done (D1-26): deleted where an output has its very bytes, else moved to `archive/` (C12). */
export class TidyVideo {
  constructor(
    private readonly jobs: Pick<JobLog, 'finished' | 'tidied'>,
    private readonly objects: Pick<ObjectStore, 'head' | 'copy' | 'delete' | 'deleteBelow'>,
    private readonly mediaBucket: string,
  ) {}

  /** May be called again after any crash: each step finds out what is left to do. */
  async run(jobId: string): Promise<void> {
    const job = await this.jobs.finished(jobId)
    if (!job) return
    for (let number = 1; number < job.number; number++) {
      await this.objects.deleteBelow(this.mediaBucket, outputPrefix({ ...job, number }))
    }
    const archiveKey = job.original === 'archive' ? await this.#archive(job) : undefined
    await this.objects.delete(job.input.bucket, job.input.key)
    await this.jobs.tidied(jobId, archiveKey)
  }

  async #archive(job: FinishedJob): Promise<string> {
    const key = `archive/${job.owner}/${job.jobId}/${job.videoId}`
    // Where the upload is gone, an earlier run had copied it before it deleted it.
    if (await this.objects.head(job.input.bucket, job.input.key)) {
      await this.objects.copy(job.input.bucket, job.input.key, this.mediaBucket, key)
    }
    return key
  }
}
