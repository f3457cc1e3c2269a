import { refusals } from '../../domain/refusals.ts'
import type { Video } from '../../domain/video.ts'
import type { Needs } from '../needs.ts'

/** Erases what was sent, for the room that it takes; what was made of it stays. */
export class GiveUpOriginal {
  constructor(private readonly need: Pick<Needs, 'videos' | 'jobs' | 'media' | 'tell' | 'clock'>) {}

  /** @throws AppError `video/not_found`, `video/in_trash`, `original/not_kept`, `original/is_download` where the MP4 is
   *  what was sent */
  async run(input: { owner: string; id: string }): Promise<Video> {
    const { videos, jobs, media, tell, clock } = this.need
    const video = await videos.get(input.owner, input.id)
    if (video.deletedAt) throw refusals.inTrash()
    if (!video.originalKey) throw refusals.originalNotKept()
    if (video.originalKey === video.mp4?.key) throw refusals.originalIsDownload()
    // The object first: after a crash the row is there to try again.
    await media.delete(video.originalKey)
    await jobs.giveUpOriginal(video.jobId, clock.now())
    await tell.original_given_up({ videoId: video.id })
    return { ...video, originalKey: undefined }
  }
}
