import { AppError } from '@balcao/kernel'
import type { ObjectStore } from '@balcao/platform'
import type { Video } from '../domain/video.ts'
import type { Journal } from './journal.ts'
import type { Videos } from './videos.ts'

/** Gives an upload up: its parts, its object if a completion was under way, and its row. */
export class AbortUpload {
  constructor(
    private readonly videos: Videos,
    private readonly objects: Pick<ObjectStore, 'abortUpload' | 'delete'>,
    private readonly journal: Journal,
    private readonly bucket: string,
  ) {}

  /** @throws AppError `video/not_found`, `upload/completed` */
  async run(input: { owner: string; id: string }): Promise<void> {
    const video = await this.videos.get(input.owner, input.id)
    if (!(await this.remove(video))) {
      throw new AppError('conflict', 'upload/completed', 'O envio já terminou: apague o vídeo.')
    }
    this.journal.record('upload_aborted', { videoId: video.id })
  }

  /** For the sweeper: the same without a person, unless one has come back to it since. */
  async abandon(video: Video, quietSince: Date): Promise<void> {
    if (await this.remove(video, quietSince)) this.journal.record('upload_abandoned', { videoId: video.id })
  }

  /** The store has given the upload up before us, so we do too: another try begins a new one.
   *  @returns what to tell the person */
  async gone(video: Video): Promise<AppError> {
    if (await this.remove(video)) this.journal.record('upload_abandoned', { videoId: video.id })
    return new AppError('not_found', 'upload/gone', 'Este envio não existe mais: envie o arquivo de novo.')
  }

  // The row goes first: a completion that commits before wins, one that comes after finds no video and its object
  // is removed (AcceptUpload). Parts that a crash leaves behind are swept by the store after seven days.
  private async remove(video: Video, quietSince?: Date): Promise<boolean> {
    if (!(await this.videos.removeUpload(video.id, quietSince))) return false
    await discardParts(this.objects, this.bucket, video)
    await this.objects.delete(this.bucket, video.key)
    return true
  }
}

/** Drops the parts of an upload, if the store still has it. */
export async function discardParts(
  objects: Pick<ObjectStore, 'abortUpload'>,
  bucket: string,
  video: Pick<Video, 'key' | 'parts'>,
): Promise<void> {
  if (!video.parts) return
  try {
    await objects.abortUpload(bucket, video.key, video.parts.uploadId)
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

/** Whether the store no longer knows an upload: it was joined, given up, or swept by the store itself. */
export function isGone(error: unknown): boolean {
  return error instanceof AppError && error.code === 'upload/gone'
}
