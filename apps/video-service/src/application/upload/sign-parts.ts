import { sizeOfPart } from '../../domain/part-plan.ts'
import { refusals } from '../../domain/refusals.ts'
import type { Needs } from '../needs.ts'
import { openUpload } from './open-upload.ts'
import { UPLOAD_URL_SECONDS } from './request-upload.ts'

export interface SignedPart {
  readonly partNumber: number
  readonly size: number
  readonly url: string
}

/** Signed URLs for parts of an upload; each takes exactly the bytes of its part. */
export class SignParts {
  constructor(private readonly need: Pick<Needs, 'videos' | 'temp' | 'clock'>) {}

  /** @throws AppError `video/not_found`, `upload/completed`, `upload/not_in_parts`, `upload/part_number` */
  async run(input: { owner: string; id: string; partNumbers: readonly number[] }) {
    const { videos, temp, clock } = this.need
    const video = await videos.get(input.owner, input.id)
    const { uploadId, partSize, partCount, size: whole } = openUpload(video)
    const beyond = input.partNumbers.find((number) => number > partCount)
    if (beyond !== undefined) throw refusals.partNumber(beyond, partCount)
    await videos.touch(video.id, clock.now())
    const expiresIn = UPLOAD_URL_SECONDS
    const items = input.partNumbers.map((partNumber): SignedPart => {
      const size = sizeOfPart(partNumber, whole, partSize)
      return { partNumber, size, url: temp.signPart(video.key, { uploadId, partNumber, size, expiresIn }) }
    })
    return { items, expiresIn }
  }
}
