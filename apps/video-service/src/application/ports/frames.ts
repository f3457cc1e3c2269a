import type { Attempt } from '@balcao/platform'
import type { Frames } from '../../domain/frames.ts'

/** What a job for images is for, beside what every job has. */
export interface FramesJob {
  readonly videoId: string
  readonly everySeconds: number | undefined
  readonly count: number | undefined
}
export type FramesAttempt = Attempt & FramesJob

/** Where a film's best picture lies. */
export interface FramesSource {
  readonly bucket: 'temp' | 'media'
  readonly key: string
}

/** Requests for images. What takes an owner and a video sees those only. */
export interface FramesRequests {
  add(frames: Frames, now: Date): Promise<void>
  /** @throws AppError `frames/not_found` */
  get(owner: string, videoId: string, id: string): Promise<Frames>
  /** Newest first. */
  list(videoId: string): Promise<Frames[]>
  /** How many of a person's wait or run, and how many a video has. Of two transactions of one person the second waits
   *  here for the first to end, and counts its requests too. */
  count(owner: string, videoId: string): Promise<{ open: number; kept: number }>
  /** Its original where that was kept, else the best that was made of it. */
  source(videoId: string): Promise<FramesSource | undefined>
  setProblem(id: string, problem: Frames['problem']): Promise<void>
  setZip(id: string, zip: NonNullable<Frames['zip']>): Promise<void>
  remove(id: string): Promise<void>
  /** Requests that ended before a moment, below whose prefix something else than their ZIP may lie. */
  untidy(endedBefore: Date, limit: number): Promise<{ frames: Frames; attempt: number }[]>
  /** Nothing but its ZIP lies there. */
  tidied(id: string, now: Date): Promise<void>
  /** What is kept no longer, some at a time: ZIPs by their own time, others since they ended. */
  expired(now: Date, endedBefore: Date, limit: number): Promise<Frames[]>
}

/** Prefix of everything that a request's attempts write, in the media bucket (C4). */
export function framesPrefix({ owner, id }: { owner: string; id: string }): string {
  return `output/${owner}/${id}/`
}
