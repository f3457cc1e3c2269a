import type { FramePlan } from '../../domain/frames.ts'
import type { Damage } from '../../domain/media/damage.ts'
import type { Extent } from '../../domain/media/extent.ts'
import type { EncodedPlan, Plan } from '../../domain/media/plan.ts'
import type { Probe, VideoStream } from '../../domain/media/probe.ts'
import type { Rejection } from '../../domain/media/rejections.ts'
import type { Resume } from '../../domain/media/resume.ts'
import type { TextTrack } from '../../domain/media/tracks.ts'
import type { Decodes } from '../../domain/media/ways.ts'
import type { Storyboard } from '../../domain/storyboard.ts'

/** Makes films out of uploads, each in a place of its own that hostile input cannot leave. */
export interface Transcoder {
  /** An empty place for one attempt. @throws AppError `video/ffmpeg_missing` with how to install it */
  open(): Promise<Workplace>
  /** Why nothing can be made at the moment, in a sentence for the operator; undefined while it can. */
  ready(): Promise<string | undefined>
}

/** A segment that is complete on disk. */
export interface WrittenSegment {
  /** Which rendition of the plan: the rungs, best first, then the sound. */
  readonly output: number
  /** 0, 1, 2 … without gaps, in this order. */
  readonly number: number
  /** When it begins and ends, by the clock that all renditions share. */
  readonly extent: Extent
  readonly path: string
  /** What EXT-X-MAP names. */
  readonly initPath: string
}

/** Which part of a film one pass makes. Sound is made from its beginning, since an encoder that starts in the middle would
 *  be heard. */
export interface Stretch extends Resume {
  /** Seconds of film at which it ends; undefined for all of it. */
  readonly until: number | undefined
  /** Whether it makes a poster, where it decodes the picture. */
  readonly poster: boolean
}
export const WHOLE: Stretch = { from: 0, phase: 0, until: undefined, poster: true }

/** What a pass found out about its upload. */
export interface Passed {
  /** One that would be served as it is says more than it shows, after all. */
  readonly tellsMore: boolean
  readonly damage: Damage
}

export interface PassEvents {
  onSegment(segment: WrittenSegment): void
  onPoster(path: string): void
  /** @param seconds of film done so far */
  onProgress(seconds: number): void
}

/** Runs of ffmpeg. All throw AppError: `video/limits_exceeded` (unprocessable), or unavailable with `video/disk_full`,
 *  `video/ffmpeg_killed`, `video/ffmpeg_hung`, `video/ffmpeg_failed`; or the signal's reason. */
export interface Workplace {
  /** Where the upload is to be put before anything else, by whoever has it. */
  readonly dir: string
  /** The upload lies at `path` inside `dir`. */
  take(path: string): Promise<void>
  probe(signal: AbortSignal): Promise<Probe | Rejection>
  /** What two attempts must have in common for one to go on with the other's segments; undefined where none can. */
  recipe(plan: Plan): string | undefined
  /** Seconds by which the times in a film's segments are late. */
  lateness(plan: Plan): number
  /** VMAF of a few frames of the best picture, made as the plan says: 0 … 100. Undefined where nothing here can tell. */
  sample(plan: EncodedPlan, durationSeconds: number, signal: AbortSignal): Promise<number | undefined>
  /** One pass over the upload. Resolves after the last event. */
  pass(plan: Plan, stretch: Stretch, events: PassEvents, signal: AbortSignal): Promise<Passed>
  /** Whether anything comes out of the picture and the sound. It takes as long as looking for the first of it does. */
  decodes(probe: Probe, signal: AbortSignal): Promise<Decodes>
  /** Tracks of text as WebVTT, of bounded size: the path of each that gave something, by its stream's index. */
  texts(tracks: readonly TextTrack[], signal: AbortSignal): Promise<ReadonlyMap<number, string>>
  /** A poster where the pass made none; undefined when the plan has no picture or it gave none. */
  poster(plan: Plan, signal: AbortSignal): Promise<string | undefined>
  /** A poster of what a player shows at a moment of a film that is published; undefined where that cannot be decoded.
   *  @param picture as it is seen  @param initPath, @param segmentPath of one rendition, brought into `dir`
   *  @param intoSeconds since the beginning of the segment */
  posterAt(
    picture: { readonly width: number; readonly height: number },
    initPath: string,
    segmentPath: string,
    intoSeconds: number,
    signal: AbortSignal,
  ): Promise<string | undefined>
  /** The sheet of a storyboard, of segments that the pass wrote or that were brought here; undefined where nothing of the
   *  picture could be decoded.  @param segments of one picture, in order: those that `segmentsShown` names */
  storyboard(
    plan: Plan,
    board: Storyboard,
    initPath: string,
    segments: readonly string[],
    signal: AbortSignal,
  ): Promise<string | undefined>
  /** The MP4 that the pass wrote, of a plan whose download is the upload's own streams. */
  mp4(): Promise<{ path: string; size: number }>
  /** One JPEG for each moment of the plan, in order; the last ones may be missing where the film ends early.
   *  @param onProgress seconds of film done so far */
  frames(
    video: VideoStream,
    plan: FramePlan,
    onProgress: (seconds: number) => void,
    signal: AbortSignal,
  ): Promise<string[]>
  /** What an output holds, to verify it. */
  inspect(path: string, signal: AbortSignal): Promise<Probe>
  /** Removes the place and all in it. */
  close(): Promise<void>
}
