import type { Sql } from '@balcao/platform'
import { refusal } from '../domain/refusal.ts'
import type { Files } from './files.ts'
import type { PartWriters } from './part-writers.ts'
import type { Uploads } from './uploads.ts'

/** Gives a multipart upload up: its parts are gone. */
export class AbortUpload {
  constructor(
    private readonly sql: Sql,
    private readonly uploads: Uploads,
    private readonly files: Files,
    private readonly writers: PartWriters,
  ) {}

  /** @throws AppError `NoSuchUpload`, also when it was completed */
  async run({ bucket, key, uploadId }: { bucket: string; key: string; uploadId: string }): Promise<void> {
    const orphaned = await this.sql.transaction(async () => {
      if (!(await this.uploads.lock(bucket, key, uploadId))) throw refusal('NoSuchUpload')
      return this.uploads.remove(uploadId)
    })
    await this.writers.stop(uploadId)
    await this.files.remove(...orphaned)
  }
}
