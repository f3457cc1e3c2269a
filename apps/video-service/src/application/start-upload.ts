import { type Clock, newId } from '@balcao/kernel'
import type { ObjectStore } from '@balcao/platform'
import { planParts } from '../domain/part-plan.ts'
import { uploadKey, type Video } from '../domain/video.ts'
import type { Journal } from './journal.ts'
import type { Videos } from './videos.ts'

/** Begins an upload in parts: up to 5 TB, resumable for seven days after its last sign of life (D1-03). */
export class StartUpload {
  constructor(
    private readonly videos: Videos,
    private readonly objects: Pick<ObjectStore, 'createUpload'>,
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly bucket: string,
  ) {}

  /** @param input.size bytes, 1 … 5e12 */
  async run(input: {
    owner: string
    fileName: string
    size: number
    fingerprint?: string | undefined
  }): Promise<Video> {
    const now = this.clock.now()
    const ids = { owner: input.owner, jobId: newId(now.getTime()), videoId: newId(now.getTime()) }
    const key = uploadKey(ids)
    const { partSize } = planParts(input.size)
    // The sender's content type would be shown to whoever opens the object: it is never taken from them.
    const uploadId = await this.objects.createUpload(this.bucket, key, {
      contentType: 'application/octet-stream',
      partSize,
    })
    await this.videos.add({
      id: ids.videoId,
      owner: input.owner,
      jobId: ids.jobId,
      title: input.fileName,
      size: input.size,
      bucket: this.bucket,
      key,
      fingerprint: input.fingerprint,
      parts: { uploadId, partSize },
      createdAt: now,
    })
    this.journal.record('upload_started', { videoId: ids.videoId, jobId: ids.jobId, size: input.size })
    return this.videos.get(input.owner, ids.videoId)
  }
}
