import { bytes, json, optional, rowOf, type Sql, text, time } from '@balcao/platform'
import { z } from 'zod'
import type { FoundObject, Objects } from '../application/ports/objects.ts'
import { ALGORITHMS } from '../domain/checksums.ts'
import type { Entry, KeyFilter, KeyFrom } from '../domain/listing.ts'
import type { StoredObject } from '../domain/object.ts'
import { commonPrefix, keysFrom, LAST_ENDING } from './key-ranges.ts'

export const headers = z.record(z.string(), z.string())
export const checksums = z.partialRecord(z.enum(ALGORITHMS), z.string())

const objectRow = rowOf<StoredObject>()({
  bucket: text(),
  key: text(),
  fileId: optional(text()),
  size: bytes(),
  etag: text(),
  contentType: text(),
  headers: json(headers),
  checksums: json(checksums),
  uploadId: optional(text()),
  createdAt: time(),
})
type Row = Readonly<Record<string, unknown>>

export class PgObjects implements Objects {
  constructor(private readonly sql: Sql) {}

  find(bucket: string, key: string, unless?: readonly string[]): Promise<StoredObject | undefined> {
    return this.#find(bucket, key, '', unless)
  }

  async findWithBody(bucket: string, key: string, unless?: readonly string[]): Promise<FoundObject | undefined> {
    const { where, values } = unlessWithheld(unless)
    const row = await this.sql.lookUp<Row & { body: Buffer | null }>(
      `select ${objectRow.columns()}, body from objects where bucket = $1 and key = $2 ${where}`,
      [bucket, key, ...values],
    )
    return row && { object: objectRow.read(row), body: row.body ?? undefined }
  }

  lock(bucket: string, key: string): Promise<StoredObject | undefined> {
    return this.#find(bucket, key, 'for update')
  }

  async save(object: StoredObject, replaces: boolean, body?: Buffer): Promise<boolean> {
    const changed = await this.sql.run(
      replaces
        ? `update objects set (file_id, size, etag, content_type, headers, checksums, upload_id, created_at, body) =
             ($3, $4, $5, $6, $7, $8, $9, $10, $11) where bucket = $1 and key = $2`
        : `insert into objects
             (bucket, key, file_id, size, etag, content_type, headers, checksums, upload_id, created_at, body)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (bucket, key) do nothing`,
      [
        object.bucket,
        object.key,
        object.fileId ?? null,
        object.size,
        object.etag,
        object.contentType,
        object.headers,
        object.checksums,
        object.uploadId ?? null,
        object.createdAt,
        body ?? null,
      ],
    )
    return changed > 0
  }

  async remove(bucket: string, key: string): Promise<string | undefined> {
    const row = await this.sql.first<{ file_id: string | null }>(
      'delete from objects where bucket = $1 and key = $2 returning file_id',
      [bucket, key],
    )
    return row?.file_id ?? undefined
  }

  async list(filter: KeyFilter, from: KeyFrom, limit: number): Promise<Entry<StoredObject>[]> {
    return filter.delimiter === '' ? this.#listFlat(filter, from, limit) : this.#listFolded(filter, from, limit)
  }

  async #listFlat(filter: KeyFilter, from: KeyFrom, limit: number): Promise<Entry<StoredObject>[]> {
    const { where, values } = keysFrom(filter, from)
    const rows = await this.sql.query<Row>(
      `select ${objectRow.columns()} from objects where ${where} order by key limit $${values.length + 1}`,
      [...values, limit],
    )
    return rows.map((row) => ({ item: objectRow.read(row), commonPrefix: undefined }))
  }

  async #listFolded(filter: KeyFilter, from: KeyFrom, limit: number): Promise<Entry<StoredObject>[]> {
    const { where, values, until } = keysFrom(filter, from)
    const at = values.length
    const common = commonPrefix(`$${at + 1}`, `$${at + 2}`)
    const rows = await this.sql.query<Row & { common: string | null }>(
      // Each step is one look into the index: behind the key, or behind every key that begins with the common prefix.
      `with recursive page as (
         (select 1 as n, key, ${common} from objects where ${where} order by key limit 1)
         union all
         select n + 1, step.key, step.common from page cross join lateral (
           select key, ${common} from objects
           where bucket = $1 and key > coalesce(page.common || ${LAST_ENDING}, page.key) ${until}
           order by key limit 1
         ) step where n < $${at + 3}::int
       )
       select ${objectRow.columns('o')}, page.common from page join objects o on o.bucket = $1 and o.key = page.key
       order by page.n`,
      [...values, filter.delimiter, [...filter.prefix].length, limit],
    )
    return rows.map((row) => ({ item: objectRow.read(row), commonPrefix: row.common ?? undefined }))
  }

  async #find(
    bucket: string,
    key: string,
    locking: string,
    unless?: readonly string[],
  ): Promise<StoredObject | undefined> {
    const { where, values } = unlessWithheld(unless)
    const row = await this.sql.lookUp<Row>(
      `select ${objectRow.columns()} from objects where bucket = $1 and key = $2 ${where} ${locking}`,
      [bucket, key, ...values],
    )
    return row && objectRow.read(row)
  }
}

/** In the statement that finds the object: whoever asks once a folder is withheld finds nothing, in any process. */
const unlessWithheld = (folders: readonly string[] | undefined) =>
  folders?.length
    ? {
        where: 'and not exists (select from withheld w where w.bucket = $1 and w.prefix = any($3))',
        values: [folders],
      }
    : { where: '', values: [] }
