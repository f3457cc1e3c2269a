import type { Needs } from '../needs.ts'
import type { Withholding } from './withhold-video.ts'

/** Moves a video to the trash, where it stays for 30 days. Twice is the same as once. What is being made of it stops, and
 *  goes on if it is taken back. */
export class DeleteVideo {
  constructor(
    private readonly need: Pick<
      Needs,
      'videos' | 'work' | 'films' | 'frames' | 'framesWork' | 'queue' | 'tell' | 'transaction' | 'clock'
    > &
      Withholding,
  ) {}

  /** @throws AppError `video/not_found` */
  async run(input: { owner: string; id: string }): Promise<void> {
    const { videos, work, films, frames, framesWork, queue, tell, transaction, clock, withhold } = this.need
    const which = { videoId: input.id, owner: input.owner }
    await transaction(async () => {
      const video = await videos.lock(input.owner, input.id)
      if (video.deletedAt) return
      await videos.setDeleted(video.id, clock.now())
      // What is not whole is made anew if it is taken back.
      if (video.state !== 'ready') await films.hide(video.id, clock.now())
      await work.interrupt(video.jobId, () => videos.move(video.id, 'queued'))
      for (const request of await frames.list(video.id)) await framesWork.interrupt(request.id)
      await queue.enqueue('withhold-video', which, { key: video.id })
      await tell.video_deleted({ videoId: video.id })
    })
    await withhold(which)
  }
}
