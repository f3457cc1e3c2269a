import { type Clock, newId } from '@balcao/kernel'
import type { ObjectStore } from '@balcao/platform'
import { uploadKey } from '../domain/video.ts'
import type { Journal } from './journal.ts'
import type { Videos } from './videos.ts'

/** Seconds (D1-23). */
export const UPLOAD_URL_SECONDS = 3600

export interface UploadTicket {
  readonly uploadUrl: string
  readonly videoId: string
  readonly jobId: string
  readonly key: string
}

/** Registers a video and says where one PUT may send its bytes (D1-22, D1-23). */
export class RequestUpload {
  constructor(
    private readonly videos: Videos,
    private readonly objects: Pick<ObjectStore, 'signPut'>,
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly bucket: string,
  ) {}

  /** @param input.size bytes, when the caller knows them; the URL then takes exactly so many */
  async run(input: { owner: string; fileName: string; size?: number | undefined }): Promise<UploadTicket> {
    const now = this.clock.now()
    const ids = { owner: input.owner, jobId: newId(now.getTime()), videoId: newId(now.getTime()) }
    const key = uploadKey(ids)
    await this.videos.add({
      id: ids.videoId,
      owner: input.owner,
      jobId: ids.jobId,
      title: input.fileName,
      size: input.size,
      bucket: this.bucket,
      key,
      fingerprint: undefined,
      parts: undefined,
      createdAt: now,
    })
    this.journal.record('upload_started', { videoId: ids.videoId, jobId: ids.jobId, size: input.size })
    const uploadUrl = this.objects.signPut(this.bucket, key, {
      expiresIn: UPLOAD_URL_SECONDS,
      ...(input.size !== undefined && { size: input.size }),
    })
    return { uploadUrl, videoId: ids.videoId, jobId: ids.jobId, key }
  }
}
