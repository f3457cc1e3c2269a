import { bytes, int, json, optional, rowOf, type Sql, text, time } from '@balcao/platform'
import type { PartClaim, Uploads } from '../application/uploads.ts'
import type { Part, Upload } from '../domain/object.ts'
import { texts } from './pg-objects.ts'

const uploadRow = rowOf<Upload>()({
  id: text(),
  bucket: text(),
  key: text(),
  contentType: text(),
  headers: json(texts),
  partSize: optional(bytes()),
  fileId: optional(text()),
  createdAt: time(),
})
const partRow = rowOf<Part>()({
  number: int(),
  claim: text(),
  fileId: optional(text()),
  size: bytes(),
  etag: text(),
  checksums: json(texts),
  createdAt: time(),
})
type Row = Readonly<Record<string, unknown>>

export class PgUploads implements Uploads {
  constructor(private readonly sql: Sql) {}

  async add(upload: Upload): Promise<void> {
    await this.sql.run(
      `insert into uploads (id, bucket, key, content_type, headers, part_size, file_id, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        upload.id,
        upload.bucket,
        upload.key,
        upload.contentType,
        upload.headers,
        upload.partSize ?? null,
        upload.fileId ?? null,
        upload.createdAt,
      ],
    )
  }

  find(bucket: string, key: string, id: string): Promise<Upload | undefined> {
    return this.#find(bucket, key, id, '')
  }

  lock(bucket: string, key: string, id: string): Promise<Upload | undefined> {
    return this.#find(bucket, key, id, 'for update')
  }

  async quietSince(moment: Date): Promise<Upload[]> {
    const rows = await this.sql.query<Row>(
      `select ${uploadRow.columns()} from uploads where created_at < $1 and not exists (
         select from parts where upload_id = uploads.id and (parts.created_at >= $1 or writing_until >= $1))
       order by created_at`,
      [moment],
    )
    return rows.map(uploadRow.read)
  }

  async remove(id: string): Promise<string[]> {
    const rows = await this.sql.query<{ file_id: string }>(
      `with gone as (delete from uploads where id = $1 returning file_id)
       select file_id from gone where file_id is not null
       union all select file_id from parts where upload_id = $1 and file_id is not null`,
      [id],
    )
    return rows.map((row) => row.file_id)
  }

  async claim(upload: Upload, { number, claim, fileId }: PartClaim, now: Date, until: Date) {
    // One statement, one way to the database. The upload's row is shared with other parts, not with a completion; the
    // joins have it locked first and the old row read before the new one takes its place.
    const row = await this.sql.first<{ there: boolean; claimed: boolean; old_file_id: string | null }>(
      `with target as (select id from uploads where id = $1 and bucket = $2 and key = $3 for share),
       old as (select file_id from parts join target on true where upload_id = $1 and number = $4 for update of parts),
       claimed as (
         insert into parts (upload_id, number, claim, writing_until, file_id, created_at)
         select id, $4, $5, $6, $7, $8 from target left join old on true
         on conflict (upload_id, number) do update set claim = $5, writing_until = $6, file_id = $7, created_at = $8,
           size = null, etag = null, checksums = null
         where parts.writing_until is null or parts.writing_until <= $8
         returning 1)
       select exists (select from target) as there, exists (select from claimed) as claimed,
         (select file_id from old) as old_file_id`,
      [upload.id, upload.bucket, upload.key, number, claim, until, fileId ?? null, now],
    )
    if (!row?.there) return 'gone' as const
    return row.claimed ? { oldFileId: row.old_file_id ?? undefined } : ('busy' as const)
  }

  async renew(claims: readonly string[], until: Date): Promise<void> {
    await this.sql.run('update parts set writing_until = $2 where claim = any($1) and writing_until is not null', [
      claims,
      until,
    ])
  }

  async finish(uploadId: string, part: Part): Promise<boolean> {
    const changed = await this.sql.run(
      `update parts set writing_until = null, size = $4, etag = $5, checksums = $6, created_at = $7
       where upload_id = $1 and number = $2 and claim = $3`,
      [uploadId, part.number, part.claim, part.size, part.etag, part.checksums, part.createdAt],
    )
    return changed > 0
  }

  async release(uploadId: string, claim: string): Promise<void> {
    await this.sql.run('delete from parts where upload_id = $1 and claim = $2 and etag is null', [uploadId, claim])
  }

  async isBusy(uploadId: string, now: Date): Promise<boolean> {
    const text = 'select 1 from parts where upload_id = $1 and writing_until > $2 limit 1'
    return (await this.sql.first(text, [uploadId, now])) !== undefined
  }

  async parts(uploadId: string, after: number, limit: number): Promise<Part[]> {
    const rows = await this.sql.query<Row>(
      `select ${partRow.columns()} from parts where upload_id = $1 and number > $2 and etag is not null
       order by number limit $3`,
      [uploadId, after, limit],
    )
    return rows.map(partRow.read)
  }

  async #find(bucket: string, key: string, id: string, locking: string): Promise<Upload | undefined> {
    const row = await this.sql.first<Row>(
      `select ${uploadRow.columns()} from uploads where id = $1 and bucket = $2 and key = $3 ${locking}`,
      [id, bucket, key],
    )
    return row && uploadRow.read(row)
  }
}
