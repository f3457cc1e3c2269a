import { refusals } from '../../domain/refusals.ts'
import { originalName } from '../../domain/title.ts'
import type { Needs } from '../needs.ts'
import { signedDownload } from './signed-download.ts'

/** A signed URL under which a browser saves what was sent, by its own name and byte by byte. */
export class GetOriginal {
  constructor(private readonly need: Pick<Needs, 'videos' | 'media'>) {}

  /** @throws AppError `video/not_found`, `video/in_trash`, `original/not_kept` */
  async run(input: { owner: string; id: string }): Promise<{ url: string; fileName: string; expiresIn: number }> {
    const video = await this.need.videos.get(input.owner, input.id)
    if (video.deletedAt) throw refusals.inTrash()
    if (!video.originalKey) throw refusals.originalNotKept()
    // Its sender chose what it is: a browser saves it, and shows none of it.
    const contentType = 'application/octet-stream'
    return signedDownload(this.need.media, video.originalKey, originalName(video.title), contentType)
  }
}
