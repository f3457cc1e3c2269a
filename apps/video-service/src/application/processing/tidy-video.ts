import { WAIT_SECONDS } from '../../domain/job.ts'
import { archiveOf } from '../../domain/video.ts'
import type { Needs } from '../needs.ts'
import type { UntidyJob } from '../ports/jobs.ts'
import { toVerdict } from './job-problem.ts'

/** Puts a finished job's upload away. It leaves the temp place once the job is done (D1-26): deleted where an output has
 *  its very bytes or its owner wants no originals, else moved to `archive/` (C12). */
export class TidyVideo {
  constructor(
    private readonly need: Pick<Needs, 'jobs' | 'temp' | 'media' | 'queue' | 'tell' | 'transaction' | 'clock'> & {
      /** Told why it has to wait, for the operator's log. */
      readonly onStumble?: (job: UntidyJob, error: unknown) => void
    },
  ) {}

  /** May be called again after any crash: each step finds out what is left to do. */
  async run(jobId: string): Promise<void> {
    const { jobs, queue, onStumble } = this.need
    const job = await jobs.untidy(jobId)
    if (!job) return
    try {
      await this.#tidy(job)
    } catch (error) {
      if (toVerdict(error).again !== 'waits') throw error
      // Until there is room, say: a message that only fails is given up.
      onStumble?.(job, error)
      await queue.enqueue('tidy-video', { jobId }, { key: jobId, delaySeconds: WAIT_SECONDS })
    }
  }

  async #tidy(job: UntidyJob): Promise<void> {
    const { jobs, temp, tell, transaction, clock } = this.need
    if (job.original === 'archive' && !job.keep) {
      await temp.delete(job.key)
      await transaction(async () => {
        if (await jobs.giveUpOriginal(job.id, clock.now())) await tell.original_given_up({ videoId: job.videoId })
      })
      return
    }
    const archiveKey = job.original === 'archive' ? await this.#archive(job) : undefined
    await temp.delete(job.key)
    await jobs.tidied(job.id, archiveKey, clock.now())
  }

  async #archive(job: UntidyJob): Promise<string> {
    const { temp, media } = this.need
    const archiveKey = `${archiveOf({ owner: job.owner, jobId: job.id })}${job.videoId}`
    // Where the upload is gone, an earlier run had copied it before it deleted it.
    if (await temp.head(job.key)) await temp.copy(job.key, media, archiveKey)
    return archiveKey
  }
}
