import type { Chapter } from '../../domain/media/chapters.ts'
import type { LeftOut } from '../../domain/media/tracks.ts'
import type { SubtitlesRendition } from '../../domain/media-tags.ts'
import type { FilmId } from './films.ts'

/** Subtitles that lie in the media bucket, whole. */
export interface Subtitles extends SubtitlesRendition {
  /** Of the film they are for. */
  readonly durationSeconds: number
  /** One object of WebVTT. */
  readonly key: string
}

/** What a film has beside its renditions of picture and sound. What changes it is called within the fence of an attempt. */
export interface Tracks {
  /** What is known of an upload before anything is made of it. */
  describe(videoId: string, chapters: readonly Chapter[]): Promise<void>
  addSubtitles(film: FilmId, subtitles: Subtitles): Promise<void>
  /** Why, for each track of the upload that cannot be watched. */
  leaveOut(videoId: string, leftOut: readonly LeftOut[]): Promise<void>
  chapters(videoId: string): Promise<readonly Chapter[]>
  /** In the order of the upload. */
  subtitles(videoId: string, attempt: number): Promise<readonly Subtitles[]>
}
