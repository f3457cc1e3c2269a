import { refusal } from '../domain/refusal.ts'
import type { Discarding } from './discarding.ts'
import type { PlaceWriters } from './place-writers.ts'
import type { Uploads } from './uploads.ts'

/** Gives a multipart upload up: its parts are gone. */
export class AbortUpload {
  constructor(
    private readonly uploads: Uploads,
    private readonly placeWriters: PlaceWriters,
    private readonly discarding: Discarding,
  ) {}

  /** @throws AppError `NoSuchUpload`, also when it was completed */
  async run({ bucket, key, uploadId }: { bucket: string; key: string; uploadId: string }): Promise<void> {
    await this.discarding.transaction(async (discard) => {
      if (!(await this.uploads.lock(bucket, key, uploadId))) throw refusal('NoSuchUpload')
      discard(...(await this.uploads.remove(uploadId)))
    })
    await this.placeWriters.stop(uploadId)
  }
}
