import { AppError } from '@balcao/kernel'
import type { ObjectStore, StoredObject, UploadedPart } from '@balcao/platform'
import { sizeOfPart } from '../domain/part-plan.ts'
import type { Video } from '../domain/video.ts'
import { type AbortUpload, isGone } from './abort-upload.ts'
import type { AcceptUpload } from './accept-upload.ts'
import { type OpenUpload, openUpload } from './open-upload.ts'
import type { Videos } from './videos.ts'

type Store = Pick<ObjectStore, 'listParts' | 'completeUpload' | 'head'>

/** All parts are sent: checks them, joins them, queues the job. Twice is the same as once. */
export class CompleteUpload {
  constructor(
    private readonly videos: Videos,
    private readonly objects: Store,
    private readonly accept: AcceptUpload,
    private readonly abort: AbortUpload,
    private readonly bucket: string,
  ) {}

  /** @throws AppError `video/not_found`, `upload/not_in_parts`, `upload/gone`, `upload/parts_missing`,
   *  `upload/size_mismatch`; after each of the last two the upload goes on taking parts */
  async run(input: { owner: string; id: string }): Promise<Video> {
    const video = await this.videos.get(input.owner, input.id)
    if (video.state !== 'uploading') return video
    const stored = await this.join(video, openUpload(video))
    await this.accept.run({ bucket: this.bucket, ...stored })
    return this.videos.get(input.owner, input.id)
  }

  private async join(video: Video, upload: OpenUpload): Promise<StoredObject> {
    try {
      const parts = await this.parts(video.key, upload)
      checkParts(parts, upload)
      return await this.objects.completeUpload(this.bucket, video.key, upload.uploadId, parts)
    } catch (error) {
      // Joined already, by a call that died before its commit or by one that runs now: the store has the object.
      const there = await this.objects.head(this.bucket, video.key)
      if (there?.size === upload.size) return there
      throw isGone(error) ? await this.abort.gone(video) : error
    }
  }

  private async parts(key: string, upload: OpenUpload): Promise<UploadedPart[]> {
    const all: UploadedPart[] = []
    let after: number | undefined = 0
    while (after !== undefined) {
      const page: Awaited<ReturnType<Store['listParts']>> = await this.objects.listParts(
        this.bucket,
        key,
        upload.uploadId,
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
  if (missing.length > 0) {
    throw new AppError(
      'conflict',
      'upload/parts_missing',
      `Faltam ${missing.length} de ${upload.partCount} partes: envie-as e conclua de novo.`,
      { missing: missing.slice(0, 100), count: missing.length },
    )
  }
  const wrong = numbers.filter((number) => sizes.get(number) !== sizeOfPart(number, upload.size, upload.partSize))
  if (wrong.length > 0 || sizes.size > upload.partCount) {
    throw new AppError(
      'unprocessable',
      'upload/size_mismatch',
      'O que foi enviado não tem o tamanho declarado: envie de novo as partes indicadas.',
      { parts: wrong.slice(0, 100) },
    )
  }
}
