import { outputsOf, trashKeepsSince } from '../../domain/video.ts'
import type { Needs } from '../needs.ts'
import { framesPrefix } from '../ports/frames.ts'
import type { DeletedVideo } from '../ports/trash.ts'
import { discardParts } from '../upload/cancel-upload.ts'

const BATCH = 20

/** Erases what has lain in the trash for 30 days: objects first, so that a crash leaves the row to try again. */
export class SweepTrash {
  constructor(private readonly need: Pick<Needs, 'trash' | 'frames' | 'temp' | 'media' | 'tell' | 'clock'>) {}

  async run(): Promise<void> {
    const limit = trashKeepsSince(this.need.clock.now())
    for (;;) {
      const page = await this.need.trash.deletedBefore(limit, BATCH)
      for (const each of page) await this.#erase(each)
      if (page.length < BATCH) return
    }
  }

  async #erase({ video, archiveKey }: DeletedVideo): Promise<void> {
    const { trash, frames, temp, media, tell } = this.need
    await media.deleteBelow(outputsOf(video))
    for (const request of await frames.list(video.id)) await media.deleteBelow(framesPrefix(request))
    if (archiveKey) await media.delete(archiveKey)
    if (video.state === 'uploading') await discardParts(temp, video)
    await temp.delete(video.key)
    await trash.erase(video.id)
    await tell.video_erased({ videoId: video.id })
  }
}
