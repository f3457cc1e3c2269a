import type { Needs } from '../needs.ts'
import { framesPrefix } from '../ports/frames.ts'

type Needed = Pick<Needs, 'frames' | 'framesWork' | 'media' | 'tell'>

/** Cancels a request for images whose ZIP is not there yet, and takes away one that is. */
export class RemoveFrames {
  constructor(private readonly need: Needed) {}

  /** A request that was cancelled stays, so that it can be made again; removed once more, it goes.
   *  @throws AppError `frames/not_found` */
  async run(input: { owner: string; id: string; framesId: string }): Promise<void> {
    const { frames, framesWork, media, tell } = this.need
    const request = await frames.get(input.owner, input.id, input.framesId)
    const told = { framesId: request.id, videoId: request.videoId }
    if (await framesWork.cancel(request.id, () => tell.frames_cancelled(told))) return
    // The row first: a ZIP without a row is swept with its video, a row without a ZIP could not be downloaded.
    await frames.remove(request.id)
    await media.deleteBelow(framesPrefix(request))
    await tell.frames_removed(told)
  }
}
