import { refusal } from '../../domain/refusal.ts'
import type { Uploads } from '../ports/uploads.ts'
import type { Discarding } from '../sweep/discarding.ts'
import type { PartLeases } from './part-leases.ts'

/** Gives a multipart upload up: its parts are gone. */
export class AbortUpload {
  constructor(
    private readonly uploads: Uploads,
    private readonly partLeases: PartLeases,
    private readonly discarding: Discarding,
  ) {}

  /** @param quietSince where it is to be given up only if there was no sign of life since then
   *  @throws AppError `NoSuchUpload`, also when it was completed, `OperationAborted` when it was not so quiet */
  async run(
    { bucket, key, uploadId }: { bucket: string; key: string; uploadId: string },
    quietSince?: Date,
  ): Promise<void> {
    await this.discarding.transaction(async (discard) => {
      if (!(await this.uploads.lock(bucket, key, uploadId))) throw refusal('NoSuchUpload')
      // Asked once nobody can save a part any more: one that was acknowledged a moment ago is there now.
      if (quietSince && !(await this.uploads.isQuietSince(quietSince, uploadId))) throw refusal('OperationAborted')
      discard(...(await this.uploads.remove(uploadId)))
    })
    await this.partLeases.stop(uploadId)
  }
}
