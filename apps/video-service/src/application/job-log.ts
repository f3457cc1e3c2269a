import type { PlaylistRendition } from '../domain/playlist.ts'
import { outputsOf, type Video } from '../domain/video.ts'

/** One try at one job. Every write below is made `where attempt = number`: a worker that came back from the dead
 *  after its lease was taken over changes nothing and is told so. */
export interface Attempt {
  readonly jobId: string
  readonly videoId: string
  /** `sub` of the person whose video it is. */
  readonly owner: string
  /** 1, 2, 3 … */
  readonly number: number
}

export interface ClaimedJob extends Attempt {
  /** Where the upload lies. */
  readonly input: { readonly bucket: string; readonly key: string }
  /** How many tries before this one ended by a fault of ours (`handBack` with `counts`); killed workers do not count. */
  readonly failures: number
}

/** One quality of the picture, or the sound. Audio is a rendition of its own, never muxed into the picture. Its
 *  bandwidths are those announced, 0 where nothing bounds them; playlists tell what is measured over its segments. */
export interface Rendition extends PlaylistRendition {
  /** Object in the media bucket that EXT-X-MAP names. */
  readonly initKey: string
}

export interface Segment {
  readonly rendition: string
  /** 0, 1, 2 … within its rendition. */
  readonly number: number
  readonly durationSeconds: number
  /** Object in the media bucket. */
  readonly key: string
  /** Bytes. */
  readonly size: number
}

export interface Problem {
  /** `video/…`, the key of the translated text. */
  readonly code: string
  readonly message: string
}

export interface Outcome {
  readonly durationSeconds: number
  /** Of the best picture; undefined when there is only sound. */
  readonly width: number | undefined
  readonly height: number | undefined
  /** Objects in the media bucket. `mp4` is an m4a where there is only sound. */
  readonly mp4: { readonly key: string; readonly size: number }
  readonly posterKey: string | undefined
  /** What becomes of the upload (C12): `covered` by an output with the very same bytes, or `archive`. */
  readonly original: 'covered' | 'archive'
  /** `video/partial`: it plays, but not all of it was there. */
  readonly warning: Problem | undefined
}

/** A finished job whose upload and older attempts still have to be put away (queue `tidy-video`). */
export interface FinishedJob extends ClaimedJob {
  readonly original: 'covered' | 'archive'
}

/** The truth about jobs. Methods that take an attempt answer false when it is no longer the current one. */
export interface JobLog {
  /** Takes a queued job, or a running one whose lease has run out: attempt + 1, lease of `leaseSeconds` from now,
   *  job and video `processing`. Undefined when it is done, unknown, in the trash, or leased by a living worker. */
  claim(jobId: string, leaseSeconds: number): Promise<ClaimedJob | undefined>
  /** Extends the lease. */
  heartbeat(attempt: Attempt, leaseSeconds: number): Promise<boolean>
  /** What the probe found, so that the library shows it early. */
  describe(attempt: Attempt, media: Pick<Video, 'durationSeconds' | 'width' | 'height'>): Promise<boolean>
  /** @param percent 0 … 100  @param etaSeconds null when it cannot be told */
  progress(attempt: Attempt, percent: number, etaSeconds: number | null): Promise<boolean>
  /** Adds a rendition, before its first segment. */
  publishRendition(attempt: Attempt, rendition: Rendition): Promise<boolean>
  publishSegment(attempt: Attempt, segment: Segment): Promise<boolean>
  publishPoster(attempt: Attempt, posterKey: string): Promise<boolean>
  /** Every rendition of this attempt has its first segment: from now on playback serves this attempt, and `playable` is true. */
  markPlayable(attempt: Attempt): Promise<boolean>
  /** In one transaction: job done, video `ready` at 100 %, rows of older attempts gone, `tidy-video` {jobId} enqueued. */
  finish(attempt: Attempt, outcome: Outcome): Promise<boolean>
  /** For good: job and video `failed` with the reason, lease gone. No retry; the upload stays for `POST /videos/:id/retry`. */
  fail(attempt: Attempt, problem: Problem): Promise<boolean>
  /** To be done again: job `queued` without a lease, `problem` shown meanwhile when there is one.
   *  @param counts whether this try counts as a failure (`failures + 1`) */
  handBack(attempt: Attempt, problem: Problem | undefined, counts: boolean): Promise<boolean>
  /** The finished job, until `tidied` was called for it. */
  finished(jobId: string): Promise<FinishedJob | undefined>
  /** The upload was put away: it is gone, or lies where `archiveKey` says (media bucket). */
  tidied(jobId: string, archiveKey: string | undefined): Promise<void>
}

/** Prefix of everything an attempt writes, in the media bucket. */
export function outputPrefix(attempt: Attempt): string {
  return `${outputsOf(attempt)}${attempt.number}/`
}
