import { AppError } from '@balcao/kernel'
import { isFinal } from './media/rejections.ts'

export type VideoState = 'uploading' | 'queued' | 'processing' | 'ready' | 'failed'

/** Every move a video may make. `processing → queued` is a worker handing back, `failed → queued` a retry by its owner.
 *  The trash is no state: `deletedAt` lies across all of them, so that undo finds the video as it was. */
export const MOVES: Readonly<Record<VideoState, readonly VideoState[]>> = {
  uploading: ['queued'],
  queued: ['processing', 'failed'],
  processing: ['queued', 'ready', 'failed'],
  ready: [],
  failed: ['queued'],
}

/** States a video may come from to reach `to`: what an update's `where state = any(…)` holds. */
export function statesBefore(to: VideoState): VideoState[] {
  return (Object.keys(MOVES) as VideoState[]).filter((from) => MOVES[from].includes(to))
}

/** @throws AppError `video/wrong_state` */
export function assertMove(from: VideoState, to: VideoState): void {
  if (MOVES[from].includes(to)) return
  throw new AppError('conflict', 'video/wrong_state', `O vídeo está "${from}" e não pode passar a "${to}".`, {
    from,
    to,
  })
}

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
  readonly parts: { readonly uploadId: string; readonly partSize: number } | undefined
  readonly createdAt: Date
  readonly deletedAt: Date | undefined
  readonly durationSeconds: number | undefined
  readonly width: number | undefined
  readonly height: number | undefined
  /** The attempt whose renditions may be watched, as soon as there is one. */
  readonly playAttempt: number | undefined
  readonly posterKey: string | undefined
  readonly mp4: { readonly key: string; readonly size: number } | undefined
  readonly problem: { readonly code: string; readonly message: string } | undefined
  /** 0 … 100, of the job. */
  readonly percent: number
  readonly etaSeconds: number | undefined
}

/** Whether processing it again may help: it failed, and not by what was sent. */
export function isRetryable(video: Pick<Video, 'state' | 'problem'>): boolean {
  return video.state === 'failed' && !(video.problem && isFinal(video.problem.code))
}

/** Videos deleted before this moment are erased, and cannot be restored any more: the trash keeps them for 30 days. */
export function trashKeepsSince(now: Date): Date {
  return new Date(now.getTime() - 30 * 86_400_000)
}

/** Another person's video is answered as if it were not there (D3-23). */
export function videoNotFound(): AppError {
  return new AppError('not_found', 'video/not_found', 'Vídeo não encontrado.')
}

/** Server-made ids only, so that no name of a person's file becomes a key (C10). */
export function uploadKey(ids: { owner: string; jobId: string; videoId: string }): string {
  return `input/${ids.owner}/${ids.jobId}/${ids.videoId}`
}

/** Prefix of everything that jobs wrote for a video, in the media bucket. */
export function outputsOf(video: { owner: string; jobId: string }): string {
  return `output/${video.owner}/${video.jobId}/`
}
