import { refusals } from '../../domain/refusals.ts'
import { downloadName } from '../../domain/title.ts'
import { signedDownload } from '../library/signed-download.ts'
import type { Needs } from '../needs.ts'

/** A signed URL under which a browser saves the ZIP by the film's own name. */
export class GetFramesDownload {
  constructor(private readonly need: Pick<Needs, 'videos' | 'frames' | 'media' | 'clock'>) {}

  /** @throws AppError `video/not_found`, `video/in_trash`, `frames/not_found`, `frames/not_done` */
  async run(input: { owner: string; id: string; framesId: string }) {
    const { videos, frames, media, clock } = this.need
    const video = await videos.get(input.owner, input.id)
    if (video.deletedAt) throw refusals.inTrash()
    const { zip } = await frames.get(input.owner, video.id, input.framesId)
    if (!zip) throw refusals.framesNotDone()
    if (zip.expiresAt <= clock.now()) throw refusals.framesNotFound()
    return signedDownload(media, zip.key, downloadName(video.title, 'zip'), 'application/zip')
  }
}
