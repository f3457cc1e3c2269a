import type { ByteRange } from '../../domain/playlist.ts'
import type { FilmId } from './films.ts'
import type { PublishedRendition } from './published.ts'

/** A rendition as bytes of one object. */
export interface PackedRendition {
  readonly name: string
  /** Object in the media bucket. */
  readonly key: string
  readonly init: ByteRange
  /** In order. */
  readonly segments: readonly { readonly range: ByteRange; readonly durationSeconds: number }[]
}

/** A packed film whose segments still lie in objects of their own. */
export interface LooseFilm extends FilmId {
  readonly owner: string
  /** Of its job. */
  readonly id: string
}

/** Films whose renditions lie in few objects. Whoever began to watch before goes on with the loose segments that a growing
 *  playlist named: what it said must not change (RFC 8216 §6.2.1). */
export interface Packed {
  /** Called within the transaction that completes the film. */
  publish(film: FilmId, renditions: readonly PackedRendition[], now: Date): Promise<void>
  /** As `Published` tells; undefined where that film is not packed. */
  rendition(videoId: string, attempt: number, name: string): Promise<PublishedRendition | undefined>
  /** Somebody may watch the loose segments until then. */
  watchLoose(film: FilmId, until: Date): Promise<void>
  /** Packed films whose loose segments nobody can be watching since that moment. */
  loose(before: Date, limit: number): Promise<LooseFilm[]>
  /** Nothing that is known of that film names a loose segment any more. */
  forgetLoose(film: FilmId): Promise<void>
  /** Nothing of it lies in the store but what is named. */
  swept(film: FilmId): Promise<void>
}
