import type { ByteRange, PlaylistRendition } from '../../domain/playlist.ts'

/** What was published of a video. Everything is of one attempt, and nothing of a video in the trash. */
export interface Published {
  /** Renditions that have a segment.  @param announced also those that are planned */
  renditions(videoId: string, attempt: number, announced: boolean): Promise<readonly PlaylistRendition[]>
  /** One rendition with its segments in order; undefined when that attempt cannot be watched any more. */
  rendition(videoId: string, attempt: number, name: string): Promise<PublishedRendition | undefined>
}

/** An object in the media bucket, or some of its bytes. */
export interface StoredBytes {
  readonly key: string
  readonly range?: ByteRange
}

export interface PublishedRendition {
  readonly init: StoredBytes
  readonly complete: boolean
  readonly segments: readonly (StoredBytes & { readonly durationSeconds: number })[]
}
