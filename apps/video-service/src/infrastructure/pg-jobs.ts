import { flag, oneOf, rowOf, type Sql, text, type WorkTable } from '@balcao/platform'
import type { Jobs, OriginalFate, ProcessingJob, UntidyJob } from '../application/ports/jobs.ts'
import { LANES, type Lane, LEASE_SECONDS, MAX_DEATHS, PER_OWNER } from '../domain/job.ts'
import { WAYS, type Way } from '../domain/media/ways.ts'

const laneRow = rowOf<{ lane: Lane }>()({ lane: oneOf(LANES) })

/** Processing jobs, as the work machine sees them. A video in the trash is not processed. */
export const jobsTable: WorkTable<ProcessingJob> = {
  table: 'jobs',
  row: rowOf<ProcessingJob>()({ videoId: text(), key: text(), lane: oneOf(LANES), way: oneOf(WAYS) }),
  above: { table: 'videos', key: 'video_id', claimable: 'above.deleted_at is null' },
  leaseSeconds: LEASE_SECONDS,
  maxDeaths: MAX_DEATHS,
  lanes: { look: {}, copy: { perOwner: PER_OWNER }, preview: { perOwner: PER_OWNER }, encode: { perOwner: PER_OWNER } },
}

const untidyRow = rowOf<UntidyJob>()({
  id: text(),
  owner: text(),
  videoId: text(),
  key: text(),
  original: oneOf<OriginalFate>(['covered', 'archive']),
  keep: flag('(select keep_original or problem_code is not null from videos where id = video_id)'),
})

export class PgJobs implements Jobs {
  constructor(
    private readonly sql: Sql,
    private readonly bucket: string,
  ) {}

  async add(job: Parameters<Jobs['add']>[0], now: Date): Promise<void> {
    await this.sql.run(
      `insert into jobs (id, video_id, owner, lane, bucket, key, etag, state, ready_at, created_at, updated_at)
       values ($1, $2, $3, 'look', $4, $5, $6, 'waiting', $7, $7, $7)`,
      [job.id, job.videoId, job.owner, this.bucket, job.key, job.etag, now],
    )
  }

  async setLane(id: string, lane: Lane): Promise<void> {
    await this.sql.run('update jobs set lane = $2 where id = $1', [id, lane])
  }

  async setWay(id: string, way: Way): Promise<void> {
    // The release before knows only whether it copies.
    await this.sql.run('update jobs set way = $2, encode_anyway = $3 where id = $1', [id, way, way !== 'copy'])
  }

  async laneOf(id: string): Promise<Lane> {
    const row = await this.sql.first<Record<string, unknown>>(`select ${laneRow.columns()} from jobs where id = $1`, [
      id,
    ])
    return row ? laneRow.read(row).lane : 'look'
  }

  async isEncodedLater(id: string): Promise<boolean> {
    const row = await this.sql.first<{ later: boolean }>(
      `select exists (
         select from jobs j join videos v on v.id = j.video_id and v.deleted_at is null
         where j.lane = 'encode' and j.state in ('waiting', 'running') and j.id <> $1) as later`,
      [id],
    )
    return row!.later
  }

  async leaveOriginal(id: string, fate: OriginalFate): Promise<void> {
    await this.sql.run('update jobs set original = $2 where id = $1', [id, fate])
  }

  async untidy(id: string): Promise<UntidyJob | undefined> {
    const row = await this.sql.first<Record<string, unknown>>(
      `select ${untidyRow.columns()} from jobs where id = $1 and state = 'done' and original is not null`,
      [id],
    )
    return row && untidyRow.read(row)
  }

  async tidied(id: string, archiveKey: string | undefined, now: Date): Promise<void> {
    await this.sql.run(
      'update jobs set original = null, archive_key = $2, updated_at = $3 where id = $1 and original is not null',
      [id, archiveKey, now],
    )
  }

  async giveUpOriginal(id: string, now: Date): Promise<boolean> {
    const given = await this.sql.run(
      `update jobs set original = null, archive_key = null, given_up_at = $2, updated_at = $2
       where id = $1 and given_up_at is null`,
      [id, now],
    )
    return given === 1
  }

  async forgottenOriginals(now: Date, seconds: number): Promise<string[]> {
    const rows = await this.sql.query<{ id: string }>(
      `update jobs set updated_at = $1 where id in (
         select id from jobs where original is not null and updated_at < $2
         order by updated_at limit 500 for update skip locked) returning id`,
      [now, new Date(now.getTime() - seconds * 1000)],
    )
    return rows.map(({ id }) => id)
  }
}
