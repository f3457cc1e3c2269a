import { bytes, group, int, json, oneOf, optional, rowOf, type Sql, text, time } from '@balcao/platform'
import type { Place, UploadFrom, Uploads } from '../application/ports/uploads.ts'
import { ALGORITHMS, CHECKSUM_TYPES } from '../domain/checksums.ts'
import type { Entry, KeyFilter } from '../domain/listing.ts'
import type { Part, Upload } from '../domain/object.ts'
import { commonPrefix, keysFrom, LAST_ENDING } from './key-ranges.ts'
import { checksums, headers } from './pg-objects.ts'

const uploadRow = rowOf<Upload>()({
  id: text(),
  bucket: text(),
  key: text(),
  contentType: text(),
  headers: json(headers),
  partSize: optional(bytes()),
  fileId: optional(text()),
  checksum: group({
    algorithm: oneOf(ALGORITHMS, 'upper(checksum_algorithm)'),
    type: oneOf(CHECKSUM_TYPES, 'checksum_type'),
  }),
  createdAt: time(),
})
const partRow = rowOf<Part>()({
  number: int(),
  claim: text(),
  fileId: optional(text()),
  size: bytes(),
  etag: text(),
  checksums: json(checksums),
  createdAt: time(),
})
type Row = Readonly<Record<string, unknown>>

/** Neither begun nor touched since $1, nor got a part or a sign of who writes one. */
const QUIET_SINCE = `created_at < $1 and (touched_at is null or touched_at < $1)
  and not exists (select from parts where upload_id = uploads.id and parts.created_at >= $1)
  and not exists (select from places where upload_id = uploads.id and until >= $1 and until < 'infinity')`

/** As keys, and behind an upload of the first of them. */
function uploadsFrom(filter: KeyFilter, from: UploadFrom) {
  const found = keysFrom(filter, from)
  if (from.id === undefined) return found
  const values = [...found.values, from.id]
  return { ...found, where: `${found.where} and (key, id) > ($3, $${values.length})`, values }
}

export class PgUploads implements Uploads {
  constructor(private readonly sql: Sql) {}

  async add(upload: Upload): Promise<void> {
    await this.sql.run(
      `insert into uploads (id, bucket, key, content_type, headers, part_size, file_id, checksum_algorithm, checksum_type,
                            created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        upload.id,
        upload.bucket,
        upload.key,
        upload.contentType,
        upload.headers,
        upload.partSize ?? null,
        upload.fileId ?? null,
        upload.checksum?.algorithm.toLowerCase() ?? null, // as releases before read it
        upload.checksum?.type ?? null,
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

  async list(filter: KeyFilter, from: UploadFrom, limit: number): Promise<Entry<Upload>[]> {
    return filter.delimiter === '' ? this.#listFlat(filter, from, limit) : this.#listFolded(filter, from, limit)
  }

  async #listFlat(filter: KeyFilter, from: UploadFrom, limit: number): Promise<Entry<Upload>[]> {
    const { where, values } = uploadsFrom(filter, from)
    const rows = await this.sql.query<Row>(
      `select ${uploadRow.columns()} from uploads where ${where} order by key, id limit $${values.length + 1}`,
      [...values, limit],
    )
    return rows.map((row) => ({ item: uploadRow.read(row), commonPrefix: undefined }))
  }

  async #listFolded(filter: KeyFilter, from: UploadFrom, limit: number): Promise<Entry<Upload>[]> {
    const { where, values, until } = uploadsFrom(filter, from)
    const at = values.length
    const common = commonPrefix(`$${at + 1}`, `$${at + 2}`)
    const rows = await this.sql.query<Row & { common: string | null }>(
      // Each step is one look into the index, as in the listing of objects.
      `with recursive page as (
         (select 1 as n, key, id, ${common} from uploads where ${where} order by key, id limit 1)
         union all
         select n + 1, step.key, step.id, step.common from page cross join lateral (
           select key, id, ${common} from uploads
           where bucket = $1 ${until} and (key, id) >
             (coalesce(page.common || ${LAST_ENDING}, page.key), case when page.common is null then page.id else '' end)
           order by key, id limit 1
         ) step where n < $${at + 3}::int
       )
       select ${uploadRow.columns('u')}, page.common from page join uploads u on u.id = page.id order by page.n`,
      [...values, filter.delimiter, [...filter.prefix].length, limit],
    )
    return rows.map((row) => ({ item: uploadRow.read(row), commonPrefix: row.common ?? undefined }))
  }

  async touch(id: string, now: Date): Promise<boolean> {
    return (await this.sql.run('update uploads set touched_at = $2 where id = $1', [id, now])) > 0
  }

  async quietSince(moment: Date): Promise<Upload[]> {
    const rows = await this.sql.query<Row>(
      `select ${uploadRow.columns()} from uploads where ${QUIET_SINCE} order by created_at, id`,
      [moment],
    )
    return rows.map(uploadRow.read)
  }

  async isQuietSince(moment: Date, id: string): Promise<boolean> {
    return (await this.sql.first(`select 1 from uploads where ${QUIET_SINCE} and id = $2`, [moment, id])) !== undefined
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

  async leasePlace(uploadId: string, { number, claim }: Place, now: Date, until: Date): Promise<boolean> {
    const taken = await this.sql.run(
      `insert into places (upload_id, number, claim, until)
       select id, $2, $3, $4 from uploads where id = $1 for key share
       on conflict (upload_id, number) do update set claim = $3, until = $4 where places.until <= $5`,
      [uploadId, number, claim, until, now],
    )
    return taken > 0
  }

  async renewLeases(claims: readonly string[], now: Date, until: Date): Promise<string[]> {
    const rows = await this.sql.query<{ claim: string }>(
      `update places set until = $3 where claim in
         (select claim from places where claim = any($1) and until > $2 and until < 'infinity' for update skip locked)
       returning claim`,
      [claims, now, until],
    )
    return rows.map(({ claim }) => claim)
  }

  async fillPlace(claim: string): Promise<boolean> {
    return (await this.sql.run(`update places set until = 'infinity' where claim = $1`, [claim])) > 0
  }

  async releasePlace(claim: string): Promise<void> {
    await this.sql.run(`delete from places where claim = $1 and until < 'infinity'`, [claim])
  }

  async isBeingWritten(uploadId: string, now: Date): Promise<boolean> {
    const text = `select 1 from places where upload_id = $1 and until > $2 and until < 'infinity' limit 1`
    return (await this.sql.first(text, [uploadId, now])) !== undefined
  }

  async lockPart(uploadId: string, number: number): Promise<{ part: Part | undefined } | undefined> {
    if (!(await this.sql.first('select 1 from uploads where id = $1 for key share', [uploadId]))) return undefined
    const row = await this.sql.first<Row>(
      `select ${partRow.columns()} from parts where upload_id = $1 and number = $2 for update`,
      [uploadId, number],
    )
    return { part: row && partRow.read(row) }
  }

  async savePart(uploadId: string, part: Part): Promise<void> {
    await this.sql.run(
      `insert into parts (upload_id, number, claim, file_id, size, etag, checksums, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (upload_id, number) do update set claim = $3, file_id = $4, size = $5, etag = $6, checksums = $7,
         created_at = $8`,
      [uploadId, part.number, part.claim, part.fileId ?? null, part.size, part.etag, part.checksums, part.createdAt],
    )
  }

  async parts(uploadId: string, after: number, limit: number): Promise<Part[]> {
    const rows = await this.sql.query<Row>(
      `select ${partRow.columns()} from parts where upload_id = $1 and number > $2
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
