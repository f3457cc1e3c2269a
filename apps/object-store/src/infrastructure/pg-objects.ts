import { bytes, json, optional, rowOf, type Sql, text, time } from '@balcao/platform'
import { z } from 'zod'
import type { Bucket, ListFrom, Objects } from '../application/objects.ts'
import { afterPrefix } from '../domain/names.ts'
import type { StoredObject } from '../domain/object.ts'

/** Headers and checksums: names and texts. */
export const texts = z.record(z.string(), z.string())

const objectRow = rowOf<StoredObject>()({
  bucket: text(),
  key: text(),
  fileId: text(),
  size: bytes(),
  etag: text(),
  contentType: text(),
  headers: json(texts),
  checksums: json(texts),
  uploadId: optional(text()),
  createdAt: time(),
})
const bucketRow = rowOf<Bucket>()({ name: text(), createdAt: time() })
type Row = Readonly<Record<string, unknown>>

export class PgObjects implements Objects {
  constructor(private readonly sql: Sql) {}

  async addBucket({ name, createdAt }: Bucket): Promise<void> {
    await this.sql.run('insert into buckets (name, created_at) values ($1, $2) on conflict do nothing', [
      name,
      createdAt,
    ])
  }

  async buckets(): Promise<Bucket[]> {
    const rows = await this.sql.query<Row>(`select ${bucketRow.columns()} from buckets order by name`)
    return rows.map(bucketRow.read)
  }

  async hasBucket(name: string): Promise<boolean> {
    return (await this.sql.first('select 1 from buckets where name = $1', [name])) !== undefined
  }

  find(bucket: string, key: string): Promise<StoredObject | undefined> {
    return this.#find(bucket, key, '')
  }

  lock(bucket: string, key: string): Promise<StoredObject | undefined> {
    return this.#find(bucket, key, 'for update')
  }

  async save(object: StoredObject, replaces: boolean): Promise<boolean> {
    const changed = await this.sql.run(
      replaces
        ? `update objects set (file_id, size, etag, content_type, headers, checksums, upload_id, created_at) =
             ($3, $4, $5, $6, $7, $8, $9, $10) where bucket = $1 and key = $2`
        : `insert into objects
             (bucket, key, file_id, size, etag, content_type, headers, checksums, upload_id, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (bucket, key) do nothing`,
      [
        object.bucket,
        object.key,
        object.fileId,
        object.size,
        object.etag,
        object.contentType,
        object.headers,
        object.checksums,
        object.uploadId ?? null,
        object.createdAt,
      ],
    )
    return changed > 0
  }

  async remove(bucket: string, key: string): Promise<void> {
    await this.sql.run('delete from objects where bucket = $1 and key = $2', [bucket, key])
  }

  async list(bucket: string, prefix: string, from: ListFrom, limit: number): Promise<StoredObject[]> {
    const rows = await this.sql.query<Row>(
      `select ${objectRow.columns()} from objects
       where bucket = $1 and key >= $2 and ($3::text is null or key < $3) and key ${from.included ? '>=' : '>'} $4
       order by key limit $5`,
      [bucket, prefix, afterPrefix(prefix) ?? null, from.key, limit],
    )
    return rows.map(objectRow.read)
  }

  async #find(bucket: string, key: string, locking: string): Promise<StoredObject | undefined> {
    const row = await this.sql.first<Row>(
      `select ${objectRow.columns()} from objects where bucket = $1 and key = $2 ${locking}`,
      [bucket, key],
    )
    return row && objectRow.read(row)
  }
}
