import type { Sql } from '@balcao/platform'
import type { Problem } from '../application/job-log.ts'
import type { StuckJobs } from '../application/sweep-jobs.ts'
import type { DeletedVideo, Trash } from '../application/sweep-trash.ts'
import type { OpenUploads } from '../application/sweep-uploads.ts'
import type { Video } from '../domain/video.ts'
import { SELECT_VIDEO, toVideo, type VideoRow } from './video-row.ts'

const BATCH = 500

/** What the sweepers look for. */
export class PgSweeping implements StuckJobs, OpenUploads, Trash {
  constructor(private readonly sql: Sql) {}

  async unattended(before: Date): Promise<{ waiting: string[]; untidy: string[] }> {
    const rows = await this.sql.query<{ id: string; state: string }>(
      `select j.id, j.state from jobs j join videos v on v.id = j.video_id
       where j.updated_at < $1 and ((j.state = 'waiting' and v.deleted_at is null) or j.original is not null)
       order by j.updated_at limit $2`,
      [before, BATCH],
    )
    const withState = (waiting: boolean) => rows.filter((row) => (row.state === 'waiting') === waiting)
    return { waiting: withState(true).map((row) => row.id), untidy: withState(false).map((row) => row.id) }
  }

  async expired(now: Date): Promise<string[]> {
    const rows = await this.sql.query<{ id: string }>(
      `select id from jobs where state = 'running' and lease_until < $1 order by lease_until limit $2`,
      [now, BATCH],
    )
    return rows.map((row) => row.id)
  }

  async recover(
    jobId: string,
    now: Date,
    maxAttempts: number,
    problem: Problem,
  ): Promise<'waiting' | 'failed' | undefined> {
    await this.sql.first('select id from videos where job_id = $1 for update', [jobId])
    const job = await this.sql.first<{ attempt: number; video_id: string }>(
      `select attempt, video_id from jobs where id = $1 and state = 'running' and lease_until < $2 for update`,
      [jobId, now],
    )
    if (!job) return undefined
    const state = job.attempt < maxAttempts ? 'waiting' : 'failed'
    await this.sql.run(
      'update jobs set state = $2, lease_until = null, eta_seconds = null, updated_at = $3 where id = $1',
      [jobId, state, now],
    )
    if (state === 'waiting') await this.sql.run(`update videos set state = 'queued' where id = $1`, [job.video_id])
    else {
      await this.sql.run(
        `update videos set state = 'failed', play_attempt = null, problem_code = $2, problem_message = $3
         where id = $1`,
        [job.video_id, problem.code, problem.message],
      )
    }
    return state
  }

  async takeOpen(now: Date, before: Date, limit: number): Promise<{ video: Video; activeAt: Date }[]> {
    const rows = await this.sql.query<VideoRow & { active_at: Date }>(
      `with taken as (
         update videos set swept_at = $1 where id in (
           select id from videos where state = 'uploading' and created_at < $2
           order by swept_at nulls first, id limit $3 for update skip locked
         ) returning id
       ) ${SELECT_VIDEO} where v.id in (select id from taken)`,
      [now, before, limit],
    )
    return rows.map((row) => ({ video: toVideo(row), activeAt: row.active_at }))
  }

  async deletedBefore(moment: Date, limit: number): Promise<DeletedVideo[]> {
    const rows = await this.sql.query<VideoRow & { archive_key: string | null }>(
      `${SELECT_VIDEO} where v.deleted_at < $1 order by v.deleted_at limit $2`,
      [moment, limit],
    )
    return rows.map((row) => ({ video: toVideo(row), archiveKey: row.archive_key ?? undefined }))
  }

  async erase(id: string): Promise<void> {
    await this.sql.run('delete from videos where id = $1 and deleted_at is not null', [id])
  }
}
