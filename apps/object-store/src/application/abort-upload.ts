import type { Sql } from '@balcao/platform'
import { refusal } from '../domain/refusal.ts'
import type { Files } from './files.ts'
import type { PartWriters } from './part-writers.ts'
import type { Uploads } from './uploads.ts'

/** Gives a multipart upload up: its parts are gone. */
export class AbortUpload {
  constructor(
    private readonly need: {
      readonly sql: Sql
      readonly uploads: Uploads
      readonly files: Files
      readonly writers: PartWriters
    },
  ) {}

  /** @throws AppError `NoSuchUpload`, also when it was completed */
  async run({ bucket, key, uploadId }: { bucket: string; key: string; uploadId: string }): Promise<void> {
    const orphaned = await this.need.sql.transaction(async () => {
      if (!(await this.need.uploads.lock(bucket, key, uploadId))) throw refusal('NoSuchUpload')
      return this.need.uploads.remove(uploadId)
    })
    await this.need.writers.stop(uploadId)
    await this.need.files.remove(...orphaned)
  }
}
