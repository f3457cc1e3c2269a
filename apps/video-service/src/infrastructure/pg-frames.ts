import { jobStates } from '@balcao/kernel'
import { bytes, group, int, oneOf, optional, real, rowOf, type Sql, text, time, type WorkTable } from '@balcao/platform'
import type { FramesJob, FramesRequests, FramesSource } from '../application/ports/frames.ts'
import type { Frames } from '../domain/frames.ts'
import { LEASE_SECONDS, MAX_DEATHS } from '../domain/job.ts'
import { refusals } from '../domain/refusals.ts'

/** Jobs for images, as the work machine sees them. None is made of a video in the trash. */
export const framesTable: WorkTable<FramesJob> = {
  table: 'frames',
  row: rowOf<FramesJob>()({ videoId: text(), everySeconds: optional(real()), count: optional(int()) }),
  above: { table: 'videos', key: 'video_id', claimable: 'above.deleted_at is null' },
  leaseSeconds: LEASE_SECONDS,
  maxDeaths: MAX_DEATHS,
  lanes: { frames: {} },
}

const framesRow = rowOf<Frames>()({
  id: text(),
  videoId: text(),
  owner: text(),
  state: oneOf(jobStates.all),
  everySeconds: optional(real()),
  count: optional(int()),
  percent: real(),
  etaSeconds: optional(real()),
  problem: group({
    code: text('problem_code'),
    message: text('problem_message'),
    missing: optional(bytes('problem_missing')),
  }),
  zip: group({ key: text('zip_key'), images: int(), size: bytes(), sha256: text(), expiresAt: time() }),
  createdAt: time(),
})
const attemptRow = rowOf<{ attempt: number }>()({ attempt: int() })
type Row = Readonly<Record<string, unknown>>

export class PgFrames implements FramesRequests {
  constructor(private readonly sql: Sql) {}

  async add(frames: Frames, now: Date): Promise<void> {
    await this.sql.run(
      `insert into frames (id, video_id, owner, lane, every_seconds, count, state, ready_at, created_at, updated_at)
       values ($1, $2, $3, 'frames', $4, $5, 'waiting', $6, $7, $6)`,
      [frames.id, frames.videoId, frames.owner, frames.everySeconds, frames.count, now, frames.createdAt],
    )
  }

  async get(owner: string, videoId: string, id: string): Promise<Frames> {
    const row = await this.sql.first<Row>(
      `select ${framesRow.columns()} from frames where id = $1 and video_id = $2 and owner = $3`,
      // Ids come from a path and may be any text, also one that PostgreSQL would not take.
      [id, videoId, owner].map((each) => each.replaceAll('\0', '')),
    )
    if (!row) throw refusals.framesNotFound()
    return framesRow.read(row)
  }

  async list(videoId: string): Promise<Frames[]> {
    const rows = await this.sql.query<Row>(
      `select ${framesRow.columns()} from frames where video_id = $1 order by created_at desc, id desc`,
      [videoId],
    )
    return rows.map(framesRow.read)
  }

  async count(owner: string, videoId: string): Promise<{ open: number; kept: number }> {
    await this.sql.query('select pg_advisory_xact_lock(hashtext($1))', [`frames of ${owner}`])
    const row = await this.sql.first<{ open: number; kept: number }>(
      `select (select count(*)::int from frames where owner = $1 and state in ('waiting', 'running')) as open,
              (select count(*)::int from frames where video_id = $2) as kept`,
      [owner, videoId],
    )
    return row!
  }

  async source(videoId: string): Promise<FramesSource | undefined> {
    const row = await this.sql.first<{
      archive_key: string | null
      original: string | null
      key: string
      mp4_key: string | null
    }>(
      `select j.archive_key, j.original, j.key, v.mp4_key from videos v join jobs j on j.video_id = v.id where v.id = $1`,
      [videoId],
    )
    if (row?.archive_key) return { bucket: 'media', key: row.archive_key }
    // Not put away yet.
    if (row?.original === 'archive') return { bucket: 'temp', key: row.key }
    return row?.mp4_key ? { bucket: 'media', key: row.mp4_key } : undefined
  }

  async setProblem(id: string, problem: Frames['problem']): Promise<void> {
    await this.sql.run(
      'update frames set problem_code = $2, problem_message = $3, problem_missing = $4 where id = $1',
      [id, problem?.code, problem?.message, problem?.missing],
    )
  }

  async setZip(id: string, zip: NonNullable<Frames['zip']>): Promise<void> {
    await this.sql.run(
      'update frames set zip_key = $2, images = $3, size = $4, sha256 = $5, expires_at = $6 where id = $1',
      [id, zip.key, zip.images, zip.size, zip.sha256, zip.expiresAt],
    )
  }

  async remove(id: string): Promise<void> {
    await this.sql.run('delete from frames where id = $1', [id])
  }

  async untidy(endedBefore: Date, limit: number): Promise<{ frames: Frames; attempt: number }[]> {
    const rows = await this.sql.query<Row>(
      `select ${framesRow.columns()}, ${attemptRow.columns()} from frames
       where state in ('done', 'failed', 'cancelled') and (tidied_at is null or tidied_at < updated_at)
         and updated_at < $1 order by updated_at limit $2`,
      [endedBefore, limit],
    )
    return rows.map((row) => ({ frames: framesRow.read(row), ...attemptRow.read(row) }))
  }

  async tidied(id: string, now: Date): Promise<void> {
    await this.sql.run('update frames set tidied_at = $2 where id = $1', [id, now])
  }

  async expired(now: Date, endedBefore: Date, limit: number): Promise<Frames[]> {
    const rows = await this.sql.query<Row>(
      `select ${framesRow.columns()} from frames
       where expires_at <= $1 or (state in ('failed', 'cancelled') and updated_at <= $2) limit $3`,
      [now, endedBefore, limit],
    )
    return rows.map(framesRow.read)
  }
}
