import { defineStates, type StateOf } from '@balcao/kernel'
import { isFinal } from './media/rejections.ts'
import type { LeftOut } from './media/tracks.ts'
import type { Problem } from './problem.ts'

/** Every move a video may make. `processing → queued` is a worker handing back or passing on, or its owner deleting it,
 *  `processing → processing` one that takes over from a worker that died, `failed → queued` a retry by its owner. The trash
 *  is no state: `deletedAt` lies across all of them, so that undo finds the video as it was. */
export const videoStates = defineStates({
  uploading: ['queued'],
  queued: ['processing'],
  processing: ['processing', 'queued', 'ready', 'failed'],
  ready: [],
  failed: ['queued'],
})
export type VideoState = StateOf<typeof videoStates>

/** What a person keeps: one file they sent and what was made of it. */
export interface Video {
  readonly id: string
  /** `sub` of the person (D3-18); never changes. */
  readonly owner: string
  readonly jobId: string
  /** The file's name as given. It is only metadata: no key, path or command is made of it. */
  readonly title: string
  readonly state: VideoState
  /** Bytes declared, later bytes stored; undefined until one is known. */
  readonly size: number | undefined
  /** Where the upload goes, in the temp bucket. */
  readonly key: string
  readonly fingerprint: string | undefined
  /** Set when it is sent in parts. */
  readonly multipart: { readonly uploadId: string; readonly partSize: number } | undefined
  readonly createdAt: Date
  readonly deletedAt: Date | undefined
  readonly durationSeconds: number | undefined
  readonly width: number | undefined
  readonly height: number | undefined
  /** The attempt whose renditions may be watched, as soon as there is one. */
  readonly playAttempt: number | undefined
  readonly posterKey: string | undefined
  /** The moment that its owner chose for the poster; undefined where it is the automatic one. */
  readonly posterAtSeconds: number | undefined
  /** Whether the picture of that moment is still to be made: `posterKey` is the one before. */
  readonly posterPending: boolean
  readonly mp4: { readonly key: string; readonly size: number } | undefined
  /** What was sent, byte by byte, in the media bucket: archived, or the MP4 where that is the same. */
  readonly originalKey: string | undefined
  readonly problem: Problem | undefined
  /** Why, for each track of the upload that cannot be watched. */
  readonly leftOut: readonly LeftOut[]
  /** 0 … 100, of the job. */
  readonly percent: number
  readonly etaSeconds: number | undefined
}

/** A video whose bytes are still to come. */
export type NewVideo = Pick<
  Video,
  'id' | 'owner' | 'jobId' | 'title' | 'size' | 'key' | 'fingerprint' | 'multipart' | 'createdAt'
>

/** What is known of a video before its bytes are there. */
export function newVideo(given: NewVideo): Video {
  return {
    ...given,
    state: 'uploading',
    deletedAt: undefined,
    durationSeconds: undefined,
    width: undefined,
    height: undefined,
    playAttempt: undefined,
    posterKey: undefined,
    posterAtSeconds: undefined,
    posterPending: false,
    mp4: undefined,
    originalKey: undefined,
    problem: undefined,
    leftOut: [],
    percent: 0,
    etaSeconds: undefined,
  }
}

/** Whether processing it again may help: it failed, and not by what was sent. */
export function isRetryable(video: Pick<Video, 'state' | 'problem'>): boolean {
  return video.state === 'failed' && !(video.problem && isFinal(video.problem.code))
}

/** Videos deleted before this moment are erased, and cannot be restored any more: the trash keeps them for 30 days. */
export function trashKeepsSince(now: Date): Date {
  return new Date(now.getTime() - 30 * 86_400_000)
}

/** Server-made ids only, so that no name of a person's file becomes a key (C10). */
export function uploadKey(ids: { owner: string; jobId: string; videoId: string }): string {
  return `input/${ids.owner}/${ids.jobId}/${ids.videoId}`
}

/** Prefix of what was sent, once it is archived, in the media bucket. */
export function archiveOf(video: { owner: string; jobId: string }): string {
  return `archive/${video.owner}/${video.jobId}/`
}

/** Prefix of everything that jobs wrote for a video, in the media bucket. */
export function outputsOf(video: { owner: string; jobId: string }): string {
  return `output/${video.owner}/${video.jobId}/`
}
