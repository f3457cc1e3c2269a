import { newId } from '@balcao/kernel'
import { type Frames, MAX_IMAGES, planFrames, type Spacing } from '../../domain/frames.ts'
import { refusals } from '../../domain/refusals.ts'
import type { Needs } from '../needs.ts'
import { refuseTooMany } from './refuse-too-many.ts'

type Needed = Pick<Needs, 'videos' | 'frames' | 'queue' | 'tell' | 'transaction' | 'clock'>

/** Asks for a ZIP of images of a video that is ready (FX-1). */
export class RequestFrames {
  constructor(private readonly need: Needed) {}

  /** @throws AppError `video/not_found`, `video/in_trash`, `frames/not_ready`, `frames/no_picture`, `frames/too_many`,
   *  `frames/too_many_waiting`, `frames/too_many_kept` */
  run(input: { owner: string; id: string; spacing: Spacing }): Promise<Frames> {
    const { videos, frames, queue, tell, transaction, clock } = this.need
    return transaction(async () => {
      const video = await videos.lock(input.owner, input.id)
      if (video.deletedAt) throw refusals.inTrash()
      if (video.state !== 'ready' || video.durationSeconds === undefined) throw refusals.framesNotReady()
      if (video.width === undefined) throw refusals.noPicture()
      const { images } = planFrames(input.spacing, video.durationSeconds)
      if (images > MAX_IMAGES) throw refusals.tooManyImages(images, MAX_IMAGES)
      const request = newFrames(input.owner, video.id, input.spacing, clock.now())
      await frames.add(request, clock.now())
      await refuseTooMany(frames, request)
      await queue.enqueue('make-frames', { framesId: request.id }, { key: request.id })
      await tell.frames_requested({ framesId: request.id, videoId: video.id })
      return request
    })
  }
}

const newFrames = (owner: string, videoId: string, spacing: Spacing, createdAt: Date): Frames => ({
  id: newId(createdAt.getTime()),
  owner,
  videoId,
  state: 'waiting',
  everySeconds: 'everySeconds' in spacing ? spacing.everySeconds : undefined,
  count: 'count' in spacing ? spacing.count : undefined,
  percent: 0,
  etaSeconds: undefined,
  problem: undefined,
  zip: undefined,
  createdAt,
})
