import { newId } from '@balcao/kernel'
import { refusals } from '../../domain/refusals.ts'
import { newVideo, uploadKey, type Video } from '../../domain/video.ts'
import type { Needs } from '../needs.ts'

/** Registers a video whose bytes are still to come, below ids and a key that we make. */
export class RegisterVideo {
  constructor(private readonly need: Pick<Needs, 'videos' | 'room' | 'tell' | 'clock'>) {}

  /** @param input.size bytes, when they are known  @param open opens the upload of a video that is sent in parts; it
   *  comes before the row, so that no row names an upload that the store does not have  @throws AppError `upload/no_room` */
  async run(
    input: { owner: string; fileName: string; size?: number | undefined; fingerprint?: string | undefined },
    open?: (key: string) => Promise<NonNullable<Video['multipart']>>,
  ): Promise<Video> {
    const { videos, room, tell, clock } = this.need
    // Said before the first byte is sent: an upload may take hours.
    const missing = (input.size ?? 1) - ((await room()) ?? Number.POSITIVE_INFINITY)
    if (missing > 0) throw refusals.noRoom(missing)
    const createdAt = clock.now()
    const [id, jobId] = [newId(createdAt.getTime()), newId(createdAt.getTime())]
    const { owner, fileName: title, size, fingerprint } = input
    const key = uploadKey({ owner, jobId, videoId: id })
    const video = { id, owner, jobId, title, size, key, fingerprint, multipart: await open?.(key), createdAt }
    await videos.add(video)
    await tell.upload_started({ videoId: id, jobId, size })
    return newVideo(video)
  }
}
