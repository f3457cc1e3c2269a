import type { Bucket, Sql } from '@balcao/platform'
import type { Listing, Videos } from '../application/ports/videos.ts'
import { refusals } from '../domain/refusals.ts'
import { defaultSettings } from '../domain/settings.ts'
import { foldTitle } from '../domain/title.ts'
import { type NewVideo, type Video, type VideoState, videoStates } from '../domain/video.ts'
import { cursorAfter, listingSql } from './listing-sql.ts'
import { FROM_VIDEOS, SELECT_VIDEO, type VideoRow, videoRow } from './video-row.ts'

export class PgVideos implements Videos {
  constructor(
    private readonly sql: Sql,
    private readonly temp: Pick<Bucket, 'name'>,
  ) {}

  async add(video: NewVideo): Promise<void> {
    await this.sql.run(
      `insert into videos (id, owner, job_id, title, title_folded, state, size, bucket, key, fingerprint, upload_id,
                           part_size, created_at, active_at, keep_original)
       values ($1, $2, $3, $4, $5, 'uploading', $6, $7, $8, $9, $10, $11, $12, $12,
               coalesce((select keep_originals from settings where owner = $2), $13))`,
      [
        video.id,
        video.owner,
        video.jobId,
        video.title,
        foldTitle(video.title),
        video.size,
        this.temp.name,
        video.key,
        video.fingerprint,
        video.multipart?.uploadId,
        video.multipart?.partSize,
        video.createdAt,
        defaultSettings.keepOriginals,
      ],
    )
  }

  get(owner: string, id: string): Promise<Video> {
    return this.#one(id, 'where v.id = $1 and v.owner = $2', [id, owner])
  }

  lock(owner: string, id: string): Promise<Video> {
    return this.#one(id, 'where v.id = $1 and v.owner = $2 for update of v', [id, owner])
  }

  async lockByKey(key: string): Promise<Video | undefined> {
    const row = await this.sql.first<VideoRow>(
      `${SELECT_VIDEO} ${FROM_VIDEOS} where v.bucket = $1 and v.key = $2 for update of v`,
      [this.temp.name, key],
    )
    return row && videoRow.read(row)
  }

  async list(owner: string, listing: Listing): Promise<{ items: Video[]; nextCursor: string | undefined }> {
    const { text, values } = listingSql(owner, listing)
    const rows = await this.sql.query<VideoRow>(`${SELECT_VIDEO} ${FROM_VIDEOS} where ${text}`, values)
    const items = rows.slice(0, listing.limit).map(videoRow.read)
    const last = items.at(-1)
    return { items, nextCursor: last && rows.length > listing.limit ? cursorAfter(last, listing.sort) : undefined }
  }

  async uploads(owner: string): Promise<Video[]> {
    const rows = await this.sql.query<VideoRow>(
      `${SELECT_VIDEO} ${FROM_VIDEOS}
       where v.owner = $1 and v.state = 'uploading' and v.upload_id is not null and v.deleted_at is null
       order by v.created_at, v.id`,
      [owner],
    )
    return rows.map(videoRow.read)
  }

  async touch(id: string, now: Date): Promise<void> {
    await this.sql.run('update videos set active_at = $2 where id = $1', [id, now])
  }

  async move(id: string, to: VideoState, problem?: NonNullable<Video['problem']>): Promise<void> {
    const moved = await this.sql.run(
      `update videos set state = $2, problem_code = $3, problem_message = $4, problem_missing = $5
       where id = $1 and state = any($6)`,
      [id, to, problem?.code, problem?.message, problem?.missing, videoStates.before(to)],
    )
    if (moved !== 1) throw refusals.wrongState(to)
  }

  async setStored(id: string, stored: { size: number; etag: string }, now: Date): Promise<void> {
    await this.sql.run('update videos set size = $2, etag = $3, uploaded_at = $4 where id = $1', [
      id,
      stored.size,
      stored.etag,
      now,
    ])
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

  async #one(id: string, where: string, values: unknown[]): Promise<Video> {
    // An id comes from a path and may be any text, also one that PostgreSQL would not take.
    if (!/^[0-9a-f-]{36}$/.test(id)) throw refusals.videoNotFound()
    const row = await this.sql.first<VideoRow>(`${SELECT_VIDEO} ${FROM_VIDEOS} ${where}`, values)
    if (!row) throw refusals.videoNotFound()
    return videoRow.read(row)
  }
}
