import type { PlaylistRendition } from '../../domain/playlist.ts'
import type { Video } from '../../domain/video.ts'

/** One quality of the picture, or the sound. Audio is a rendition of its own, never muxed into the picture. Its
 *  bandwidths are those announced, 0 where nothing bounds them; playlists tell what is measured over its segments. */
export interface Rendition extends PlaylistRendition {
  /** Object in the media bucket that EXT-X-MAP names; undefined before there is a segment. */
  readonly initKey: string | undefined
}

export interface Segment {
  readonly rendition: string
  /** 0, 1, 2 … within its rendition. */
  readonly number: number
  /** By the film's clock. */
  readonly beginSeconds: number
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

/** A film has the number of the attempt that began it. */
export interface FilmId {
  readonly videoId: string
  readonly number: number
}

/** What an attempt works on: a film that it begins, or one that goes on where those before it ended. */
export interface FilmInWork extends FilmId {
  /** What is there of each rendition, in order. */
  readonly begun: ReadonlyMap<string, BegunRendition>
  readonly posterKey: string | undefined
}

export interface BegunRendition {
  readonly initKey: string
  readonly segments: readonly Segment[]
}

/** An attempt that is no film, and where what it wrote lies. */
export interface LeftAttempt extends FilmId {
  readonly owner: string
  /** Of its job. */
  readonly id: string
  /** The film that it worked on: its own, or one that it went on with. */
  readonly film: number
}

/** What a job makes of a video, while it is made. What changes a film is called within the fence of its attempt. */
export interface Films {
  /** An attempt begins. Those before it that nobody could watch are superseded; one that somebody may be watching stays
   *  what is shown, until this one can be. */
  begin(film: FilmId, now: Date): Promise<void>
  /** The film that an attempt works on: the one that is shown, where it is not whole and is made by the same recipe; else
   *  one that it begins.  @param recipe what makes a film, all of it; undefined for one that is made anew by each attempt */
  inWork(attempt: FilmId, recipe: string | undefined): Promise<FilmInWork>
  /** No attempt goes on with it any more. */
  leaveOff(film: FilmId): Promise<void>
  /** Nothing comes of any attempt: there is nothing to watch for whoever asks from now on. */
  hide(videoId: string, now: Date): Promise<void>
  /** What the probe found, so that the library shows it early. */
  describe(videoId: string, media: Pick<Video, 'durationSeconds' | 'width' | 'height'>): Promise<void>
  /** Before its first segment: what is planned, or what it is now that it begins. */
  addRendition(film: FilmId, rendition: Rendition): Promise<void>
  addSegment(film: FilmId, segment: Segment): Promise<void>
  setPoster(videoId: string, posterKey: string): Promise<void>
  /** The sound of this film and one of its pictures have a segment: from now on playback serves it, and those before it
   *  are superseded. */
  show(film: FilmId, now: Date): Promise<void>
  /** This film is the video's truth. */
  complete(film: FilmId, outcome: Outcome, now: Date): Promise<void>
  /** Somebody may watch it until then, or longer if that was said before. */
  watch(film: FilmId, until: Date): Promise<void>
  /** Attempts superseded before that moment that nobody can be watching any more, or that are of a video in the trash. */
  leftovers(supersededBefore: Date, now: Date, limit: number): Promise<LeftAttempt[]>
  /** Which of these objects of the media bucket nothing that is known of a video names. */
  unnamed(videoId: string, keys: readonly string[]): Promise<string[]>
  /** Nothing of it is in the store any more. @param prefix of what was there */
  forget(attempt: LeftAttempt, prefix: string): Promise<void>
}
