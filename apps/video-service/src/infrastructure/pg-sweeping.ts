import { type Bucket, optional, rowOf, type Sql, text, time } from '@balcao/platform'
import type { OpenUploads } from '../application/ports/open-uploads.ts'
import type { DeletedVideo, Trash } from '../application/ports/trash.ts'
import type { Video } from '../domain/video.ts'
import { FROM_VIDEOS, SELECT_VIDEO, type VideoRow, videoRow } from './video-row.ts'

const activeRow = rowOf<{ activeAt: Date }>()({ activeAt: time() })
const archiveRow = rowOf<{ archiveKey: string | undefined }>()({ archiveKey: optional(text()) })

/** What the sweepers look for. */
export class PgSweeping implements OpenUploads, Trash {
  constructor(
    private readonly sql: Sql,
    private readonly temp: Pick<Bucket, 'name'>,
  ) {}

  async takeOpen(now: Date, before: Date, limit: number): Promise<{ video: Video; activeAt: Date }[]> {
    const rows = await this.sql.query<VideoRow>(
      `with taken as (
         update videos set swept_at = $1 where id in (
           select id from videos where state = 'uploading' and created_at < $2
           order by swept_at nulls first, id limit $3 for update skip locked
         ) returning id
       ) ${SELECT_VIDEO}, ${activeRow.columns('v')} ${FROM_VIDEOS} where v.id in (select id from taken)`,
      [now, before, limit],
    )
    return rows.map((row) => ({ video: videoRow.read(row), ...activeRow.read(row) }))
  }

  async known(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.sql.query<{ key: string }>('select key from videos where bucket = $1 and key = any($2)', [
      this.temp.name,
      keys,
    ])
    return new Set(rows.map(({ key }) => key))
  }

  async deletedBefore(moment: Date, limit: number): Promise<DeletedVideo[]> {
    const rows = await this.sql.query<VideoRow>(
      `${SELECT_VIDEO}, ${archiveRow.columns('j')} ${FROM_VIDEOS} where v.deleted_at < $1 order by v.deleted_at limit $2`,
      [moment, limit],
    )
    return rows.map((row) => ({ video: videoRow.read(row), ...archiveRow.read(row) }))
  }

  async erase(id: string): Promise<void> {
    await this.sql.run('delete from videos where id = $1 and deleted_at is not null', [id])
  }
}
