import type { Sql } from '@balcao/platform'
import type { Listing, NewVideo, Videos } from '../application/videos.ts'
import { foldTitle } from '../domain/title.ts'
import { assertMove, type Video, type VideoState, videoNotFound } from '../domain/video.ts'
import { cursorAfter, listingSql } from './listing-sql.ts'
import { SELECT_VIDEO, toVideo, type VideoRow } from './video-row.ts'

export class PgVideos implements Videos {
  constructor(private readonly sql: Sql) {}

  async add(video: NewVideo): Promise<void> {
    await this.sql.run(
      `insert into videos (id, owner, job_id, title, title_folded, state, size, bucket, key, fingerprint, upload_id,
                           part_size, created_at, active_at)
       values ($1, $2, $3, $4, $5, 'uploading', $6, $7, $8, $9, $10, $11, $12, $12)`,
      [
        video.id,
        video.owner,
        video.jobId,
        video.title,
        foldTitle(video.title),
        video.size,
        video.bucket,
        video.key,
        video.fingerprint,
        video.parts?.uploadId,
        video.parts?.partSize,
        video.createdAt,
      ],
    )
  }

  async get(owner: string, id: string): Promise<Video> {
    return this.one(id, 'where v.id = $1 and v.owner = $2', [id, owner])
  }

  async lock(owner: string, id: string): Promise<Video> {
    return this.one(id, 'where v.id = $1 and v.owner = $2 for update of v', [id, owner])
  }

  async lockByKey(bucket: string, key: string): Promise<Video | undefined> {
    const row = await this.sql.first<VideoRow>(`${SELECT_VIDEO} where v.bucket = $1 and v.key = $2 for update of v`, [
      bucket,
      key,
    ])
    return row && toVideo(row)
  }

  async list(owner: string, listing: Listing): Promise<{ items: Video[]; nextCursor: string | undefined }> {
    const { text, values } = listingSql(owner, listing)
    const rows = await this.sql.query<VideoRow>(`${SELECT_VIDEO} where ${text}`, values)
    const items = rows.slice(0, listing.limit).map(toVideo)
    const last = items.at(-1)
    return { items, nextCursor: last && rows.length > listing.limit ? cursorAfter(last, listing.sort) : undefined }
  }

  async uploads(owner: string): Promise<Video[]> {
    const rows = await this.sql.query<VideoRow>(
      `${SELECT_VIDEO} where v.owner = $1 and v.state = 'uploading' and v.upload_id is not null and v.deleted_at is null
       order by v.created_at, v.id`,
      [owner],
    )
    return rows.map(toVideo)
  }

  async touch(id: string, now: Date): Promise<void> {
    await this.sql.run('update videos set active_at = $2 where id = $1', [id, now])
  }

  async queue(video: Video, stored: { bucket: string; size: number; etag: string }, now: Date): Promise<void> {
    await this.move(video, 'queued')
    await this.sql.run('update videos set size = $2, etag = $3, uploaded_at = $4 where id = $1', [
      video.id,
      stored.size,
      stored.etag,
      now,
    ])
    await this.sql.run(
      `insert into jobs (id, video_id, bucket, key, etag, state, created_at, updated_at)
       values ($1, $2, $3, $4, $5, 'waiting', $6, $6)`,
      [video.jobId, video.id, stored.bucket, video.key, stored.etag, now],
    )
  }

  async requeue(video: Video, now: Date): Promise<void> {
    await this.move(video, 'queued')
    await this.sql.run('update videos set problem_code = null, problem_message = null where id = $1', [video.id])
    await this.sql.run(
      `update jobs set state = 'waiting', failures = 0, percent = 0, eta_seconds = null, lease_until = null,
                       updated_at = $2
       where id = $1`,
      [video.jobId, now],
    )
  }

  async setDeleted(id: string, deletedAt: Date | undefined): Promise<void> {
    await this.sql.run('update videos set deleted_at = $2 where id = $1', [id, deletedAt])
  }

  async removeUpload(id: string, quietSince?: Date): Promise<boolean> {
    const removed = await this.sql.run(
      `delete from videos where id = $1 and state = 'uploading' and ($2::timestamptz is null or active_at < $2)`,
      [id, quietSince],
    )
    return removed > 0
  }

  private async one(id: string, where: string, values: unknown[]): Promise<Video> {
    // An id comes from a path and may be any text, also one that PostgreSQL would not take.
    if (!/^[0-9a-f-]{36}$/.test(id)) throw videoNotFound()
    const row = await this.sql.first<VideoRow>(`${SELECT_VIDEO} ${where}`, values)
    if (!row) throw videoNotFound()
    return toVideo(row)
  }

  private async move(video: Video, to: VideoState): Promise<void> {
    assertMove(video.state, to)
    await this.sql.run('update videos set state = $2 where id = $1 and state = $3', [video.id, to, video.state])
  }
}
