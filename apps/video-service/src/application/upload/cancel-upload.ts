import { AppError } from '@balcao/kernel'
import type { Bucket } from '@balcao/platform'
import { refusals } from '../../domain/refusals.ts'
import type { Video } from '../../domain/video.ts'
import type { Needs } from '../needs.ts'

/** Gives an upload up: its parts, its object if a completion was under way, and its row. */
export class CancelUpload {
  constructor(private readonly need: Pick<Needs, 'videos' | 'temp' | 'tell'>) {}

  /** @throws AppError `video/not_found`, `upload/completed` */
  async run(input: { owner: string; id: string }): Promise<void> {
    const video = await this.need.videos.get(input.owner, input.id)
    if (!(await this.#remove(video))) throw refusals.uploadCompletedDelete()
    await this.need.tell.upload_aborted({ videoId: video.id })
  }

  /** The same without a person: the store has given it up before us, or nobody has worked on it for long.
   *  @param quietSince only unless somebody has come back to it since */
  async abandon(video: Video, quietSince?: Date): Promise<void> {
    if (await this.#remove(video, quietSince)) await this.need.tell.upload_abandoned({ videoId: video.id })
  }

  // The row goes first: a completion that commits before wins, one that comes after finds no video and its object
  // is removed (AcceptUpload). What a crash leaves behind in the store, SweepStore finds.
  async #remove(video: Video, quietSince?: Date): Promise<boolean> {
    const { videos, temp } = this.need
    if (!(await videos.removeUpload(video.id, quietSince))) return false
    await discardParts(temp, video)
    await temp.delete(video.key)
    return true
  }
}

/** Drops the parts of an upload, if the store still has it. */
export async function discardParts(
  temp: Pick<Bucket, 'abortUpload'>,
  video: Pick<Video, 'key' | 'multipart'>,
): Promise<void> {
  if (!video.multipart) return
  try {
    await temp.abortUpload(video.key, video.multipart.uploadId)
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

/** Whether the store no longer knows an upload: it was joined, given up, or swept by the store itself. */
export function isGone(error: unknown): boolean {
  return error instanceof AppError && error.code === 'upload/gone'
}
