import type { Part, Upload } from '../../domain/object.ts'
import { refusal } from '../../domain/refusal.ts'
import type { Uploads } from '../ports/uploads.ts'

export interface PartsPage {
  readonly upload: Upload
  readonly parts: readonly Part[]
  /** Whether others follow; a page without room would be asked for again and again. */
  readonly isTruncated: boolean
}

/** One page of the parts of an upload, in order. */
export class ListParts {
  constructor(private readonly uploads: Pick<Uploads, 'find' | 'parts'>) {}

  /** @param after the number behind which the page begins  @throws AppError `NoSuchUpload` */
  async run(
    { bucket, key, uploadId }: { bucket: string; key: string; uploadId: string },
    after: number,
    limit: number,
  ): Promise<PartsPage> {
    // One more than the page holds tells whether another follows.
    const found = await this.uploads.parts(uploadId, after, limit + 1)
    // Asked afterwards: one that is given up meanwhile is gone, and not there without parts.
    const upload = await this.uploads.find(bucket, key, uploadId)
    if (!upload) throw refusal('NoSuchUpload')
    return { upload, parts: found.slice(0, limit), isTruncated: limit > 0 && found.length > limit }
  }
}
