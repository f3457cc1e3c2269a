import type { Video } from '../domain/video.ts'

/** A video whose bytes are still to come. */
export type NewVideo = Pick<
  Video,
  'id' | 'owner' | 'jobId' | 'title' | 'size' | 'key' | 'fingerprint' | 'parts' | 'createdAt'
> & { readonly bucket: string }

export interface Listing {
  readonly cursor?: string | undefined
  readonly limit: number
  readonly search?: string | undefined
  readonly sort: 'newest' | 'oldest' | 'title'
  readonly trash: boolean
}

/** The videos of everyone. What takes an owner sees that person's only; it sees the trash too unless it says otherwise. */
export interface Videos {
  add(video: NewVideo): Promise<void>
  /** @throws AppError `video/not_found`, also for another person's */
  get(owner: string, id: string): Promise<Video>
  /** The same, locked until the surrounding transaction ends. */
  lock(owner: string, id: string): Promise<Video>
  lockByKey(bucket: string, key: string): Promise<Video | undefined>
  /** @throws AppError `request/invalid` for a cursor that is not ours */
  list(owner: string, listing: Listing): Promise<{ items: Video[]; nextCursor: string | undefined }>
  /** Uploads in parts that are neither complete nor in the trash, oldest first. */
  uploads(owner: string): Promise<Video[]>
  /** An upload was worked on: it is not abandoned. */
  touch(id: string, now: Date): Promise<void>
  /** The upload is whole: `uploading → queued`, with a waiting job of its own. */
  queue(video: Video, stored: { bucket: string; size: number; etag: string }, now: Date): Promise<void>
  /** `failed → queued`, its job waiting again from the start. */
  requeue(video: Video, now: Date): Promise<void>
  setDeleted(id: string, deletedAt: Date | undefined): Promise<void>
  /** Removes the row of an upload that never became a video. False when it has become one.
   *  @param quietSince removes it only if nobody worked on it since */
  removeUpload(id: string, quietSince?: Date): Promise<boolean>
}
