import { AppError } from '@balcao/kernel'
import type { ObjectStore } from '@balcao/platform'
import { openUpload } from './open-upload.ts'
import type { Videos } from './videos.ts'

/** What of an upload the store already holds, a page of at most 1,000 parts at a time. */
export class ListParts {
  constructor(
    private readonly videos: Videos,
    private readonly objects: Pick<ObjectStore, 'listParts'>,
    private readonly bucket: string,
  ) {}

  /** @throws AppError `video/not_found`, `upload/completed`, `request/invalid` */
  async run(input: { owner: string; id: string; cursor?: string | undefined }) {
    const video = await this.videos.get(input.owner, input.id)
    const { uploadId } = openUpload(video)
    const after = Number(input.cursor ?? 0)
    if (!Number.isInteger(after) || after < 0 || after > 10_000) {
      throw new AppError('invalid', 'request/invalid', 'cursor: use o nextCursor da página anterior.')
    }
    const page = await this.objects.listParts(this.bucket, video.key, uploadId, after)
    return {
      items: page.parts.map(({ partNumber, size }) => ({ partNumber, size })),
      nextCursor: page.next === undefined ? null : String(page.next),
    }
  }
}
