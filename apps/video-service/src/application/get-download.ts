import { AppError } from '@balcao/kernel'
import type { ObjectStore } from '@balcao/platform'
import { downloadName } from '../domain/title.ts'
import type { Videos } from './videos.ts'

/** Seconds. */
const DOWNLOAD_URL_SECONDS = 3600

/** A signed URL under which a browser saves the MP4 by the film's own name. */
export class GetDownload {
  constructor(
    private readonly videos: Videos,
    private readonly objects: Pick<ObjectStore, 'signGet'>,
    private readonly bucket: string,
  ) {}

  /** @throws AppError `video/not_found`, `video/in_trash`, `download/not_ready` */
  async run(input: { owner: string; id: string }): Promise<{ url: string; fileName: string; expiresIn: number }> {
    const video = await this.videos.get(input.owner, input.id)
    if (video.deletedAt) throw new AppError('conflict', 'video/in_trash', 'O vídeo está na lixeira: restaure-o antes.')
    if (video.state !== 'ready' || !video.mp4) {
      throw new AppError('conflict', 'download/not_ready', 'O vídeo ainda não está pronto para baixar.')
    }
    const audio = video.mp4.key.endsWith('.m4a')
    const fileName = downloadName(video.title, audio ? 'm4a' : 'mp4')
    const url = this.objects.signGet(this.bucket, video.mp4.key, {
      expiresIn: DOWNLOAD_URL_SECONDS,
      downloadAs: fileName,
      contentType: audio ? 'audio/mp4' : 'video/mp4',
    })
    return { url, fileName, expiresIn: DOWNLOAD_URL_SECONDS }
  }
}
