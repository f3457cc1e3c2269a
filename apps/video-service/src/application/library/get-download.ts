import { refusals } from '../../domain/refusals.ts'
import { downloadName } from '../../domain/title.ts'
import type { Needs } from '../needs.ts'
import { signedDownload } from './signed-download.ts'

/** A signed URL under which a browser saves the MP4 by the film's own name. */
export class GetDownload {
  constructor(private readonly need: Pick<Needs, 'videos' | 'media'>) {}

  /** @throws AppError `video/not_found`, `video/in_trash`, `download/not_ready` */
  async run(input: { owner: string; id: string }): Promise<{ url: string; fileName: string; expiresIn: number }> {
    const video = await this.need.videos.get(input.owner, input.id)
    if (video.deletedAt) throw refusals.inTrash()
    if (video.state !== 'ready' || !video.mp4) throw refusals.downloadNotReady()
    const audio = video.mp4.key.endsWith('.m4a')
    const fileName = downloadName(video.title, audio ? 'm4a' : 'mp4')
    return signedDownload(this.need.media, video.mp4.key, fileName, audio ? 'audio/mp4' : 'video/mp4')
  }
}
