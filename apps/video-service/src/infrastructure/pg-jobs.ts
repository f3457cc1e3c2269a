import type { Clock } from '@balcao/kernel'
import type { JobQueue, Sql } from '@balcao/platform'
import type {
  Attempt,
  ClaimedJob,
  FinishedJob,
  JobLog,
  Outcome,
  Problem,
  Rendition,
  Segment,
} from '../application/job-log.ts'
import type { Journal } from '../application/journal.ts'
import { PROCESS_QUEUE, TIDY_QUEUE } from '../domain/job.ts'
import { statesBefore, type VideoState } from '../domain/video.ts'

/** Holds when `jobs` row `$1` still is at attempt `$2`. */
const FENCE = `id = $1 and attempt = $2 and state = 'running'`
/** Seconds before a job that failed by our fault is tried again: the fault may be a full disk. */
const RETRY_SECONDS = 10

/** The truth about jobs in PostgreSQL. Every write of an attempt is fenced by its number. */
export class PgJobs implements JobLog {
  constructor(
    private readonly sql: Sql,
    private readonly jobs: Pick<JobQueue, 'enqueue'>,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  async claim(jobId: string, leaseSeconds: number): Promise<ClaimedJob | undefined> {
    return this.sql.transaction(async () => {
      // The video is locked first, as everywhere, so that no two transactions wait for each other.
      const video = await this.sql.first<{ id: string; owner: string }>(
        'select id, owner from videos where job_id = $1 and deleted_at is null for update',
        [jobId],
      )
      if (!video) return undefined
      const now = this.clock.now()
      const job = await this.sql.first<JobRow>(
        `update jobs set state = 'running', attempt = attempt + 1, lease_until = $2, percent = 0, eta_seconds = null,
                         updated_at = $3
         where id = $1 and (state = 'waiting' or (state = 'running' and lease_until < $3))
         returning attempt, bucket, key, failures`,
        [jobId, after(now, leaseSeconds), now],
      )
      if (!job) return undefined
      await this.sql.run(
        `update videos set state = 'processing', play_attempt = null, problem_code = null, problem_message = null
         where id = $1`,
        [video.id],
      )
      return claimed(jobId, video, job)
    })
  }

  async heartbeat(attempt: Attempt, leaseSeconds: number): Promise<boolean> {
    const now = this.clock.now()
    return this.change('lease_until = $3, updated_at = $4', attempt, [after(now, leaseSeconds), now])
  }

  async progress(attempt: Attempt, percent: number, etaSeconds: number | null): Promise<boolean> {
    const bounded = Math.min(100, Math.max(0, percent))
    return this.change('percent = $3, eta_seconds = $4, updated_at = $5', attempt, [
      bounded,
      etaSeconds,
      this.clock.now(),
    ])
  }

  async describe(attempt: Attempt, media: Parameters<JobLog['describe']>[1]): Promise<boolean> {
    return this.fenced(attempt, () =>
      this.sql.run('update videos set duration = $2, width = $3, height = $4 where id = $1', [
        attempt.videoId,
        media.durationSeconds,
        media.width,
        media.height,
      ]),
    )
  }

  async publishRendition(attempt: Attempt, rendition: Rendition): Promise<boolean> {
    return this.fenced(attempt, () =>
      this.sql.run(
        `insert into renditions (video_id, attempt, name, kind, bandwidth, average_bandwidth, width, height, frame_rate,
                                 codecs, init_key)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing`,
        [
          attempt.videoId,
          attempt.number,
          rendition.name,
          rendition.kind,
          Math.ceil(rendition.bandwidth),
          Math.ceil(rendition.averageBandwidth),
          rendition.width,
          rendition.height,
          rendition.frameRate,
          rendition.codecs,
          rendition.initKey,
        ],
      ),
    )
  }

  async publishSegment(attempt: Attempt, segment: Segment): Promise<boolean> {
    return this.fenced(attempt, () =>
      this.sql.run(
        `insert into segments (video_id, attempt, rendition, number, duration, key, size)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
        [
          attempt.videoId,
          attempt.number,
          segment.rendition,
          segment.number,
          segment.durationSeconds,
          segment.key,
          segment.size,
        ],
      ),
    )
  }

  async publishPoster(attempt: Attempt, posterKey: string): Promise<boolean> {
    return this.fenced(attempt, () =>
      this.sql.run('update videos set poster_key = $2 where id = $1', [attempt.videoId, posterKey]),
    )
  }

  async markPlayable(attempt: Attempt): Promise<boolean> {
    return this.fenced(attempt, () =>
      this.sql.run('update videos set play_attempt = $2 where id = $1', [attempt.videoId, attempt.number]),
    )
  }

  async finish(attempt: Attempt, outcome: Outcome): Promise<boolean> {
    return this.fenced(attempt, async () => {
      const now = this.clock.now()
      await this.change(
        `state = 'done', percent = 100, eta_seconds = null, lease_until = null, original = $3, updated_at = $4`,
        attempt,
        [outcome.original, now],
      )
      await this.sql.run(
        `update videos set duration = $2, width = $3, height = $4, mp4_key = $5, mp4_size = $6, poster_key = $7,
                           play_attempt = $8
         where id = $1`,
        [
          attempt.videoId,
          outcome.durationSeconds,
          outcome.width,
          outcome.height,
          outcome.mp4.key,
          outcome.mp4.size,
          outcome.posterKey,
          attempt.number,
        ],
      )
      await this.move(attempt.videoId, 'ready', outcome.warning)
      await this.sql.run('update renditions set complete = true where video_id = $1 and attempt = $2', [
        attempt.videoId,
        attempt.number,
      ])
      await this.sql.run('delete from renditions where video_id = $1 and attempt <> $2', [
        attempt.videoId,
        attempt.number,
      ])
      await this.jobs.enqueue(TIDY_QUEUE, { jobId: attempt.jobId }, { key: attempt.jobId })
      this.journal.record('job_finished', ids(attempt))
    })
  }

  async fail(attempt: Attempt, problem: Problem): Promise<boolean> {
    return this.fenced(attempt, async () => {
      await this.change(`state = 'failed', eta_seconds = null, lease_until = null, updated_at = $3`, attempt, [
        this.clock.now(),
      ])
      await this.sql.run('update videos set play_attempt = null where id = $1', [attempt.videoId])
      await this.move(attempt.videoId, 'failed', problem)
      this.journal.record('job_failed', { ...ids(attempt), code: problem.code })
    })
  }

  async handBack(attempt: Attempt, problem: Problem | undefined, counts: boolean): Promise<boolean> {
    return this.fenced(attempt, async () => {
      await this.change(
        `state = 'waiting', failures = failures + $3, eta_seconds = null, lease_until = null, updated_at = $4`,
        attempt,
        [counts ? 1 : 0, this.clock.now()],
      )
      await this.move(attempt.videoId, 'queued', problem)
      await this.jobs.enqueue(
        PROCESS_QUEUE,
        { jobId: attempt.jobId },
        { key: attempt.jobId, ...(counts && { delaySeconds: RETRY_SECONDS }) },
      )
      this.journal.record('job_handed_back', { ...ids(attempt), ...(problem && { code: problem.code }) })
    })
  }

  async finished(jobId: string): Promise<FinishedJob | undefined> {
    const row = await this.sql.first<JobRow & { id: string; owner: string; original: FinishedJob['original'] }>(
      `select v.id, v.owner, j.attempt, j.bucket, j.key, j.failures, j.original
       from jobs j join videos v on v.id = j.video_id where j.id = $1 and j.state = 'done' and j.original is not null`,
      [jobId],
    )
    return row && { ...claimed(jobId, row, row), original: row.original }
  }

  async tidied(jobId: string, archiveKey: string | undefined): Promise<void> {
    await this.sql.run('update jobs set original = null, archive_key = $2, updated_at = $3 where id = $1', [
      jobId,
      archiveKey,
      this.clock.now(),
    ])
  }

  /** Runs `work` in a transaction that holds the job, if the attempt still is the current one. */
  private async fenced(attempt: Attempt, work: () => Promise<unknown>): Promise<boolean> {
    return this.sql.transaction(async () => {
      await this.sql.first('select id from videos where id = $1 for update', [attempt.videoId])
      const current = await this.sql.first(`select id from jobs where ${FENCE} for update`, [
        attempt.jobId,
        attempt.number,
      ])
      if (!current) return false
      await work()
      return true
    })
  }

  private async change(assignments: string, attempt: Attempt, values: readonly unknown[]): Promise<boolean> {
    const text = `update jobs set ${assignments} where ${FENCE}`
    return (await this.sql.run(text, [attempt.jobId, attempt.number, ...values])) > 0
  }

  private async move(videoId: string, to: VideoState, problem: Problem | undefined): Promise<void> {
    await this.sql.run(
      'update videos set state = $2, problem_code = $3, problem_message = $4 where id = $1 and state = any($5)',
      [videoId, to, problem?.code, problem?.message, statesBefore(to)],
    )
  }
}

interface JobRow {
  attempt: number
  bucket: string
  key: string
  failures: number
}

const claimed = (jobId: string, video: { id: string; owner: string }, job: JobRow): ClaimedJob => ({
  jobId,
  videoId: video.id,
  owner: video.owner,
  number: job.attempt,
  input: { bucket: job.bucket, key: job.key },
  failures: job.failures,
})

const ids = ({ videoId, jobId, number }: Attempt) => ({ videoId, jobId, attempt: number })

const after = (now: Date, seconds: number) => new Date(now.getTime() + seconds * 1000)
