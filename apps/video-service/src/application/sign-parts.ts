import { AppError, type Clock } from '@balcao/kernel'
import type { ObjectStore } from '@balcao/platform'
import { sizeOfPart } from '../domain/part-plan.ts'
import { openUpload } from './open-upload.ts'
import { UPLOAD_URL_SECONDS } from './request-upload.ts'
import type { Videos } from './videos.ts'

export interface SignedPart {
  readonly partNumber: number
  readonly size: number
  readonly url: string
}

/** Signed URLs for parts of an upload; each takes exactly the bytes of its part. */
export class SignParts {
  constructor(
    private readonly videos: Videos,
    private readonly objects: Pick<ObjectStore, 'signPart'>,
    private readonly clock: Clock,
    private readonly bucket: string,
  ) {}

  /** @throws AppError `video/not_found`, `upload/completed`, `upload/not_in_parts`, `upload/part_number` */
  async run(input: { owner: string; id: string; partNumbers: readonly number[] }): Promise<SignedPart[]> {
    const video = await this.videos.get(input.owner, input.id)
    const upload = openUpload(video)
    const beyond = input.partNumbers.find((number) => number > upload.partCount)
    if (beyond !== undefined) {
      throw new AppError('invalid', 'upload/part_number', `partNumbers: este envio tem ${upload.partCount} partes.`, {
        partNumber: beyond,
        partCount: upload.partCount,
      })
    }
    await this.videos.touch(video.id, this.clock.now())
    return input.partNumbers.map((partNumber) => {
      const size = sizeOfPart(partNumber, upload.size, upload.partSize)
      const url = this.objects.signPart(this.bucket, video.key, {
        uploadId: upload.uploadId,
        partNumber,
        size,
        expiresIn: UPLOAD_URL_SECONDS,
      })
      return { partNumber, size, url }
    })
  }
}
