import type { NewVideo, Video, VideoState } from '../../domain/video.ts'

export interface Listing {
  readonly cursor?: string | undefined
  readonly limit: number
  readonly search?: string | undefined
  readonly sort: 'newest' | 'oldest' | 'title'
  readonly trash: boolean
}

/** The videos of everyone. What takes an owner sees that person's only; it sees the trash too unless it says otherwise. */
export interface Videos {
  /** Its original is to be kept as its owner wishes at this moment (`SettingsOfPeople`). */
  add(video: NewVideo): Promise<void>
  /** @throws AppError `video/not_found`, also for another person's */
  get(owner: string, id: string): Promise<Video>
  /** The same, locked until the surrounding transaction ends. */
  lock(owner: string, id: string): Promise<Video>
  /** The video whose upload has this key in the temp bucket, locked. */
  lockByKey(key: string): Promise<Video | undefined>
  /** @throws AppError `request/invalid` for a cursor that is not ours */
  list(owner: string, listing: Listing): Promise<{ items: Video[]; nextCursor: string | undefined }>
  /** Uploads in parts that are neither complete nor in the trash, oldest first. */
  uploads(owner: string): Promise<Video[]>
  /** An upload was worked on: it is not abandoned. */
  touch(id: string, now: Date): Promise<void>
  /** To another state, as `videoStates` allows; the problem of before, if any, goes.
   *  @throws AppError `video/wrong_state` when nothing moved */
  move(id: string, to: VideoState, problem?: NonNullable<Video['problem']>): Promise<void>
  /** What the store has of an upload that is whole. */
  setStored(id: string, stored: { size: number; etag: string }, now: Date): Promise<void>
  setDeleted(id: string, deletedAt: Date | undefined): Promise<void>
  /** Removes the row of an upload that never became a video. False when it has become one.
   *  @param quietSince removes it only if nobody worked on it since */
  removeUpload(id: string, quietSince?: Date): Promise<boolean>
}
