import type { AttemptEnds } from '@balcao/platform'
import { type Lane, waitOf } from '../../domain/job.ts'
import type { Way } from '../../domain/media/ways.ts'
import type { Problem } from '../../domain/problem.ts'
import type { Needs } from '../needs.ts'
import type { FilmId } from '../ports/films.ts'
import type { FilmAttempt } from '../ports/jobs.ts'
import { wake } from '../ports/queues.ts'
import type { Film } from './make-film.ts'

type Needed = Pick<
  Needs,
  'work' | 'jobs' | 'videos' | 'films' | 'packed' | 'storyboards' | 'queue' | 'tell' | 'transaction' | 'clock'
>

/** The steps of a processing job, each with what belongs to it: the video's state, messages, events. */
export class FilmJobs implements AttemptEnds<FilmAttempt, Problem> {
  constructor(private readonly need: Needed) {}

  /** @returns undefined when it is done, unknown, of a video in the trash, or a living worker has it */
  claim(jobId: string): Promise<FilmAttempt | undefined> {
    return this.need.work.claim(jobId, (attempt) => this.#begin(attempt))
  }

  /** Takes the next job of a lane: people take turns there. @returns undefined where none may be taken now */
  claimNext(lane: Lane): Promise<FilmAttempt | undefined> {
    return this.need.work.claimNext(lane, (attempt) => this.#begin(attempt))
  }

  /** It was looked at, and is made in that lane. @throws Superseded */
  passOn(job: FilmAttempt, lane: Lane): Promise<void> {
    const { work, jobs, videos, queue } = this.need
    return work.handBack(job, false, async () => {
      await jobs.setLane(job.id, lane)
      await videos.move(job.videoId, 'queued')
      await wake(queue, lane, job.id)
    })
  }

  /** The film is there. @throws Superseded */
  finish(
    job: FilmAttempt,
    { number, outcome, packed: renditions, storyboard, original, warning }: Film,
  ): Promise<void> {
    const { work, jobs, videos, films, packed, storyboards, queue, tell, clock } = this.need
    const film = { videoId: job.videoId, number }
    return work.finish(job, async () => {
      await films.complete(film, outcome, clock.now())
      if (renditions.length > 0) await packed.publish(film, renditions, clock.now())
      if (storyboard) await storyboards.publish(film, storyboard)
      await videos.move(job.videoId, 'ready', warning)
      await jobs.leaveOriginal(job.id, original)
      await queue.enqueue('tidy-video', { jobId: job.id }, { key: job.id })
      await tell.job_finished(ids(job))
    })
  }

  /** A file that can never become a video: no retry, and a line for the audit. @throws Superseded */
  reject(job: FilmAttempt, reason: Problem): Promise<void> {
    return this.giveUp(job, reason, () => this.need.tell.upload_rejected({ ...ids(job), code: reason.code }))
  }

  /** For good; its owner may ask for it again. @throws Superseded */
  giveUp(job: FilmAttempt, problem: Problem, then?: () => Promise<void>): Promise<void> {
    const { work, videos, films, tell, clock } = this.need
    return work.giveUp(job, async () => {
      await films.hide(job.videoId, clock.now())
      await videos.move(job.videoId, 'failed', problem)
      await tell.job_failed({ jobId: job.id, code: problem.code })
      await then?.()
    })
  }

  /** To be done again, with the problem shown meanwhile. @param counts whether this try ended by a fault of ours
   *  @throws Superseded */
  handBack(job: FilmAttempt, problem: Problem | undefined, counts: boolean): Promise<void> {
    const { work, videos, queue, tell } = this.need
    const then = async (delaySeconds: number) => {
      await videos.move(job.videoId, 'queued', problem)
      await wake(queue, job.lane, job.id, delaySeconds)
      await tell.job_handed_back({ ...ids(job), code: problem?.code })
    }
    return work.handBack(job, counts, then, waitOf(problem, counts))
  }

  /** One way gave no film that plays: it is made in another, which counts as no failure. @throws Superseded */
  async goAnotherWay(job: FilmAttempt, way: Way): Promise<void> {
    const { jobs, transaction } = this.need
    await transaction(async () => {
      await this.passOn(job, 'encode')
      await jobs.setWay(job.id, way)
    })
  }

  /** What others began does not go together with what is made now: it is left to those who watch it. @throws Superseded */
  async beginAnew(job: FilmAttempt, film: FilmId): Promise<void> {
    const { films, transaction } = this.need
    await transaction(async () => {
      await this.handBack(job, undefined, false)
      await films.leaveOff(film)
    })
  }

  async #begin(attempt: FilmAttempt): Promise<void> {
    const { videos, films, clock } = this.need
    await videos.move(attempt.videoId, 'processing')
    await films.begin(attempt, clock.now())
  }
}

const ids = ({ videoId, id, number }: FilmAttempt) => ({ videoId, jobId: id, attempt: number })
