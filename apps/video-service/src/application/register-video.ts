import { type Clock, newId } from '@balcao/kernel'
import { uploadKey, type Video } from '../domain/video.ts'
import type { Journal } from './journal.ts'
import type { Videos } from './videos.ts'

/** Registers a video whose bytes are still to come, below ids and a key that we make. */
export class RegisterVideo {
  constructor(
    private readonly videos: Videos,
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly bucket: string,
  ) {}

  /** @param input.size bytes, when they are known  @param open opens the upload of a video that is sent in parts; it
   *  comes before the row, so that no row names an upload that the store does not have */
  async run(
    input: { owner: string; fileName: string; size?: number | undefined; fingerprint?: string | undefined },
    open?: (key: string) => Promise<NonNullable<Video['parts']>>,
  ): Promise<Video> {
    const now = this.clock.now()
    const [id, jobId] = [newId(now.getTime()), newId(now.getTime())]
    const key = uploadKey({ owner: input.owner, jobId, videoId: id })
    await this.videos.add({
      id,
      owner: input.owner,
      jobId,
      title: input.fileName,
      size: input.size,
      bucket: this.bucket,
      key,
      fingerprint: input.fingerprint,
      parts: await open?.(key),
      createdAt: now,
    })
    this.journal.record('upload_started', { videoId: id, jobId, size: input.size })
    return this.videos.get(input.owner, id)
  }
}
