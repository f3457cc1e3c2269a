import type { Storyboard } from '../../domain/storyboard.ts'
import type { FilmId } from './films.ts'

/** A storyboard whose sheet lies in the media bucket. */
export interface StoredStoryboard extends Storyboard {
  readonly key: string
}

/** The storyboards of films that are whole. */
export interface Storyboards {
  /** Called within the transaction that completes the film. */
  publish(film: FilmId, storyboard: StoredStoryboard): Promise<void>
  /** Undefined where the film has none: sound alone, or older than storyboards are. */
  of(film: FilmId): Promise<StoredStoryboard | undefined>
}
