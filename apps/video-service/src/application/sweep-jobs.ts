import type { Clock } from '@balcao/kernel'
import type { JobQueue, Sql } from '@balcao/platform'
import { MAX_ATTEMPTS, PROCESS_QUEUE, TIDY_QUEUE } from '../domain/job.ts'
import type { Problem } from './job-log.ts'
import { gaveUp } from './job-problem.ts'
import type { Journal } from './journal.ts'

/** Jobs that nothing moves any more. */
export interface StuckJobs {
  /** Waiting, finished but not put away, and untouched since `before`: their message may be lost. */
  unattended(before: Date): Promise<{ waiting: string[]; untidy: string[] }>
  /** Ids whose worker let its lease run out. */
  expired(now: Date): Promise<string[]>
  /** Makes an expired job wait again, or fails it with `problem` from `maxAttempts` on. Undefined when it is not expired. */
  recover(jobId: string, now: Date, maxAttempts: number, problem: Problem): Promise<'waiting' | 'failed' | undefined>
}

/** Seconds without a touch after which a job's message counts as lost. A second message for one job does no harm. */
const UNATTENDED_SECONDS = 60

/** Finds jobs whose message was lost or whose worker died, and wakes them again. */
export class SweepJobs {
  constructor(
    private readonly stuck: StuckJobs,
    private readonly sql: Pick<Sql, 'transaction'>,
    private readonly jobs: Pick<JobQueue, 'enqueue'>,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  async run(): Promise<void> {
    const now = this.clock.now()
    for (const jobId of await this.stuck.expired(now)) await this.recover(jobId, now)
    const { waiting, untidy } = await this.stuck.unattended(new Date(now.getTime() - UNATTENDED_SECONDS * 1000))
    for (const jobId of waiting) await this.jobs.enqueue(PROCESS_QUEUE, { jobId }, { key: jobId })
    for (const jobId of untidy) await this.jobs.enqueue(TIDY_QUEUE, { jobId }, { key: jobId })
  }

  private async recover(jobId: string, now: Date): Promise<void> {
    await this.sql.transaction(async () => {
      const state = await this.stuck.recover(jobId, now, MAX_ATTEMPTS, gaveUp)
      if (state === 'waiting') {
        await this.jobs.enqueue(PROCESS_QUEUE, { jobId }, { key: jobId })
        this.journal.record('job_recovered', { jobId })
      }
      if (state === 'failed') this.journal.record('job_failed', { jobId, code: gaveUp.code })
    })
  }
}
