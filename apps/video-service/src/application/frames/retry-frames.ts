import type { Frames } from '../../domain/frames.ts'
import { refusals } from '../../domain/refusals.ts'
import type { Needs } from '../needs.ts'
import { refuseTooMany } from './refuse-too-many.ts'

/** Makes a ZIP again that failed or was cancelled. */
export class RetryFrames {
  constructor(private readonly need: Pick<Needs, 'frames' | 'framesWork' | 'queue' | 'tell'>) {}

  /** @throws AppError `frames/not_found`, `frames/wrong_state`, `frames/too_many_waiting` */
  async run(input: { owner: string; id: string; framesId: string }): Promise<Frames> {
    const { frames, framesWork, queue, tell } = this.need
    const request = await frames.get(input.owner, input.id, input.framesId)
    const { id, videoId } = request
    const again = await framesWork.redrive(id, async () => {
      await refuseTooMany(frames, request)
      await frames.setProblem(id, undefined)
      await queue.enqueue('make-frames', { framesId: id }, { key: id })
      await tell.frames_requested({ framesId: id, videoId })
    })
    if (!again) throw refusals.framesWrongState()
    return { ...request, state: 'waiting', percent: 0, etaSeconds: undefined, problem: undefined }
  }
}
