import type { ByteRange } from '../../domain/playlist.ts'

/** A rendition as ffmpeg wrote it: files of one track. */
export interface LooseRendition {
  readonly initPath: string
  /** In order. */
  readonly segments: readonly { readonly path: string }[]
}

/** One that can be published. */
export interface LocalRendition extends LooseRendition {
  readonly name: string
  readonly segments: readonly { readonly path: string; readonly durationSeconds: number }[]
}

/** Where a rendition lies in a packed file. */
export interface Places {
  readonly init: ByteRange
  readonly segments: readonly ByteRange[]
}

/** Puts renditions into one file each, and the best of them into the file that people download. All throw AppError
 *  `video/verification_failed` (unavailable) where a segment holds anything that is not expected. */
export interface Packer {
  /** One file that is an MP4 with all of its index before its media, and at the same time the segments of these
   *  renditions.  @param renditions the best picture and the sounds, or some of them; of each kind the first is what plays
   *  @param to a file that is not there yet
   *  @returns where each lies in it */
  film(renditions: readonly LooseRendition[], to: string, signal: AbortSignal): Promise<Places[]>
  /** The segments of one rendition, one behind the other.  @param to a file that is not there yet */
  rendition(rendition: LooseRendition, to: string, signal: AbortSignal): Promise<Places>
}
