import type { PlaylistRendition } from '../../domain/playlist.ts'
import type { Video } from '../../domain/video.ts'

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

/** What a job has made of an upload. */
export interface Outcome {
  readonly durationSeconds: number
  /** Of the best picture; undefined when there is only sound. */
  readonly width: number | undefined
  readonly height: number | undefined
  /** Objects in the media bucket. `mp4` is an m4a where there is only sound. */
  readonly mp4: { readonly key: string; readonly size: number }
  readonly posterKey: string | undefined
}

/** Which attempt at which video. */
export interface FilmId {
  readonly videoId: string
  readonly number: number
}

/** An attempt that is no film, and where what it wrote lies. */
export interface LeftAttempt extends FilmId {
  readonly owner: string
  /** Of its job. */
  readonly id: string
}

/** What a job makes of a video, while it is made. What changes a film is called within the fence of its attempt. */
export interface Films {
  /** An attempt begins. Those before it that nobody could watch are superseded; one that somebody may be watching stays
   *  what is shown, until this one can be. */
  begin(film: FilmId, now: Date): Promise<void>
  /** Nothing comes of any attempt: there is nothing to watch for whoever asks from now on. */
  hide(videoId: string, now: Date): Promise<void>
  /** What the probe found, so that the library shows it early. */
  describe(videoId: string, media: Pick<Video, 'durationSeconds' | 'width' | 'height'>): Promise<void>
  /** Before its first segment. */
  addRendition(film: FilmId, rendition: Rendition): Promise<void>
  addSegment(film: FilmId, segment: Segment): Promise<void>
  setPoster(videoId: string, posterKey: string): Promise<void>
  /** Every rendition of this attempt has its first segment: from now on playback serves this attempt, and those before
   *  it are superseded. */
  show(film: FilmId, now: Date): Promise<void>
  /** This attempt is the video's truth. */
  complete(film: FilmId, outcome: Outcome, now: Date): Promise<void>
  /** Somebody may watch it until then, or longer if that was said before. */
  watch(film: FilmId, until: Date): Promise<void>
  /** Attempts superseded before that moment that nobody can be watching any more, or that are of a video in the trash. */
  leftovers(supersededBefore: Date, now: Date, limit: number): Promise<LeftAttempt[]>
  /** Nothing of it is in the store any more. @param prefix of what was there */
  forget(attempt: LeftAttempt, prefix: string): Promise<void>
}
