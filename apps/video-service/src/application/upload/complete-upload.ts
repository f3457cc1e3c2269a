import type { UploadedPart } from '@balcao/platform'
import { sizeOfPart } from '../../domain/part-plan.ts'
import { refusals } from '../../domain/refusals.ts'
import type { Video } from '../../domain/video.ts'
import type { Needs } from '../needs.ts'
import type { AcceptUpload, StoredUpload } from './accept-upload.ts'
import { type CancelUpload, isGone } from './cancel-upload.ts'
import { type OpenUpload, openUpload } from './open-upload.ts'

/** All parts are sent: checks them, joins them, queues the job. Twice is the same as once. */
export class CompleteUpload {
  constructor(private readonly need: Pick<Needs, 'videos' | 'temp'> & { accept: AcceptUpload; cancel: CancelUpload }) {}

  /** @throws AppError `video/not_found`, `upload/not_in_parts`, `upload/gone`, `upload/parts_missing`,
   *  `upload/size_mismatch`; after each of the last two the upload goes on taking parts */
  async run(input: { owner: string; id: string }): Promise<Video> {
    const video = await this.need.videos.get(input.owner, input.id)
    if (video.state !== 'uploading') return video
    const acceptance = await this.need.accept.run(await this.#join(video, openUpload(video)))
    if ('video' in acceptance) return acceptance.video
    throw acceptance.answer === 'refused' ? refusals.sizeMismatch([]) : refusals.videoNotFound()
  }

  async #join(video: Video, upload: OpenUpload): Promise<StoredUpload> {
    const { temp, cancel } = this.need
    try {
      const parts = await this.#parts(video.key, upload)
      checkParts(parts, upload)
      return await temp.completeUpload(video.key, upload.uploadId, parts)
    } catch (error) {
      // Joined already, by a call that died before its commit or by one that runs now: the store has the object.
      const there = await temp.head(video.key)
      if (there?.size === upload.size) return there
      if (!isGone(error)) throw error
      await cancel.abandon(video)
      throw refusals.uploadGone()
    }
  }

  async #parts(key: string, { uploadId }: OpenUpload): Promise<UploadedPart[]> {
    const all: UploadedPart[] = []
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page: { parts: UploadedPart[]; next: number | undefined } = await this.need.temp.listParts(
        key,
        uploadId,
        after,
      )
      all.push(...page.parts)
      after = page.next
    }
    return all
  }
}

function checkParts(parts: readonly UploadedPart[], upload: OpenUpload): void {
  const sizes = new Map(parts.map((part) => [part.partNumber, part.size]))
  const numbers = Array.from({ length: upload.partCount }, (_, i) => i + 1)
  const missing = numbers.filter((number) => !sizes.has(number))
  if (missing.length > 0) throw refusals.partsMissing(missing, upload.partCount)
  const wrong = numbers.filter((number) => sizes.get(number) !== sizeOfPart(number, upload.size, upload.partSize))
  if (wrong.length > 0 || sizes.size > upload.partCount) throw refusals.sizeMismatch(wrong)
}
