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

/** What a job makes of a video, while it is made. Every method is called within the fence of its attempt. */
export interface Films {
  /** Nothing of earlier attempts can be watched any more. */
  hide(videoId: string): Promise<void>
  /** What the probe found, so that the library shows it early. */
  describe(videoId: string, media: Pick<Video, 'durationSeconds' | 'width' | 'height'>): Promise<void>
  /** Before its first segment. */
  addRendition(film: FilmId, rendition: Rendition): Promise<void>
  addSegment(film: FilmId, segment: Segment): Promise<void>
  setPoster(videoId: string, posterKey: string): Promise<void>
  /** Every rendition of this attempt has its first segment: from now on playback serves this attempt. */
  show(film: FilmId): Promise<void>
  /** This attempt is the video's truth; rows of older ones go. */
  complete(film: FilmId, outcome: Outcome): Promise<void>
}
