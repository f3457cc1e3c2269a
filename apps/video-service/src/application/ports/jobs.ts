import type { Attempt } from '@balcao/platform'
import type { Lane } from '../../domain/job.ts'
import type { Way } from '../../domain/media/ways.ts'
import { outputsOf } from '../../domain/video.ts'
import type { FilmId } from './films.ts'

/** What a processing job is for, beside what every job has. */
export interface ProcessingJob {
  readonly videoId: string
  /** Of the upload, in the temp bucket. */
  readonly key: string
  /** Where it waits, or waited, for a worker. */
  readonly lane: Lane
  /** In which it is made, after those before it gave no film that plays. */
  readonly way: Way
}

/** One try at making a film. */
export type FilmAttempt = Attempt & ProcessingJob

/** What becomes of an upload once its job is done (C12): an output has the very same bytes, or it is archived, unless its
 *  owner did not want that. */
export type OriginalFate = 'covered' | 'archive'

/** A finished job whose upload still has to be put away (queue `tidy-video`). */
export interface UntidyJob {
  readonly id: string
  readonly owner: string
  readonly videoId: string
  readonly key: string
  readonly original: OriginalFate
  /** Its owner wants it, or what was made of it is not all that was there. */
  readonly keep: boolean
}

/** The rows of processing jobs, beside what the work machine does with them. */
export interface Jobs {
  /** A job that waits, for an upload that is whole. */
  add(job: { id: string; videoId: string; owner: string; key: string; etag: string }, now: Date): Promise<void>
  /** A waiting job goes to that lane. */
  setLane(id: string, lane: Lane): Promise<void>
  /** It is made in that way from now on. */
  setWay(id: string, way: Way): Promise<void>
  /** Where a job waits. */
  laneOf(id: string): Promise<Lane>
  /** Whether others are in the lane of encodes. */
  isEncodedLater(id: string): Promise<boolean>
  /** The job is done; its upload still has to be put away. */
  leaveOriginal(id: string, fate: OriginalFate): Promise<void>
  untidy(id: string): Promise<UntidyJob | undefined>
  /** The upload was put away: an output has its bytes, or it lies where `archiveKey` says (media bucket). */
  tidied(id: string, archiveKey: string | undefined, now: Date): Promise<void>
  /** The original is erased, as its owner wished. False where it was so before. */
  giveUpOriginal(id: string, now: Date): Promise<boolean>
  /** Done jobs whose upload nobody has put away for `seconds`; each is told once in that time. */
  forgottenOriginals(now: Date, seconds: number): Promise<string[]>
}

/** Prefix of everything that is written for a film, in the media bucket.  @param film by the attempt that began it */
export function outputPrefix(film: Pick<FilmAttempt, 'id' | 'owner' | 'number'>): string {
  return `${outputsOf({ owner: film.owner, jobId: film.id })}${film.number}/`
}

/** Where an attempt writes a file of a film: each has a place of its own, so that a worker that comes back from the dead
 *  changes nothing of what another one wrote. */
export function outputKey(attempt: FilmAttempt, film: FilmId, file: string): string {
  return `${outputPrefix({ ...attempt, number: film.number })}${attempt.number}/${file}`
}
