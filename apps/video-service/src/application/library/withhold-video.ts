import { AppError } from '@balcao/kernel'
import { archiveOf, outputsOf } from '../../domain/video.ts'
import type { Needs } from '../needs.ts'
import { framesPrefix } from '../ports/frames.ts'

/** How a video is moved to the trash and back. */
export interface Withholding {
  /** Does it now. Never throws: a message does it again. */
  readonly withhold: (which: { owner: string; videoId: string }) => Promise<void>
}

/** Makes the store agree with the trash: URLs of a video that lies there give nothing, those of one that was taken back
 *  are good again. Whoever moves a video asks for it at once, and by a message in case that fails. */
export class WithholdVideo {
  constructor(private readonly need: Pick<Needs, 'videos' | 'frames' | 'media' | 'transaction'>) {}

  async run({ owner, videoId }: { owner: string; videoId: string }): Promise<void> {
    const { videos, frames, media, transaction } = this.need
    await transaction(async () => {
      // Locked: of a deletion and a restore the later one decides, also about the store.
      const video = await videos.lock(owner, videoId).catch(unlessErased)
      if (!video) return
      const requests = await frames.list(videoId)
      for (const folder of [outputsOf(video), archiveOf(video), ...requests.map(framesPrefix)])
        await (video.deletedAt ? media.withhold(folder) : media.giveOut(folder))
    })
  }
}

/** What was there is gone, and its URLs with it. */
export function unlessErased(error: unknown): undefined {
  if (!(error instanceof AppError) || error.code !== 'video/not_found') throw error
}
