import type { Video } from '../../domain/video.ts'

export interface DeletedVideo {
  readonly video: Video
  /** Where its original was archived, in the media bucket. */
  readonly archiveKey: string | undefined
}

export interface Trash {
  /** Videos deleted before a moment, those longest ago first. */
  deletedBefore(moment: Date, limit: number): Promise<DeletedVideo[]>
  /** Removes the row, if it still lies in the trash. */
  erase(id: string): Promise<void>
}
