import { type Clock, randomToken } from '@balcao/kernel'
import type { UploadChecksum } from '../../domain/checksums.ts'
import { LARGEST_BODY, newFileId, SMALLEST_PART, type Upload } from '../../domain/object.ts'
import { refusal } from '../../domain/refusal.ts'
import type { NewObject } from '../objects/put-object.ts'
import type { Files } from '../ports/files.ts'
import type { Uploads } from '../ports/uploads.ts'

/** Begins a multipart upload. */
export class CreateUpload {
  constructor(
    private readonly uploads: Uploads,
    private readonly files: Files,
    private readonly clock: Clock,
  ) {}

  /** @param partSize bytes of every part but the last, where the sender knows: then the parts are written to their
   *  places in one file, and completing it costs nothing  @throws AppError `InvalidArgument` */
  async run(wanted: NewObject, partSize: number | undefined, checksum: UploadChecksum | undefined): Promise<Upload> {
    if (
      partSize !== undefined &&
      !(Number.isInteger(partSize) && partSize >= SMALLEST_PART && partSize <= LARGEST_BODY)
    )
      throw refusal(
        'InvalidArgument',
        `x-amz-meta-part-size must be a number of bytes from ${SMALLEST_PART} to ${LARGEST_BODY}.`,
      )
    const fileId = partSize === undefined ? undefined : newFileId()
    if (fileId) await this.files.reserve(fileId)
    const upload = { ...wanted, id: randomToken(24), partSize, fileId, checksum, createdAt: this.clock.now() }
    await this.uploads.add(upload)
    return upload
  }
}
