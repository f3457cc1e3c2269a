import { setTimeout as pause } from 'node:timers/promises'
import { type Lease, Superseded, span } from '@balcao/platform'
import { planVideo } from '../../domain/media/plan.ts'
import type { Needs } from '../needs.ts'
import type { FilmAttempt } from '../ports/jobs.ts'
import type { FilmJobs } from './film-jobs.ts'
import { toProblem } from './job-problem.ts'
import { MakeFilm } from './make-film.ts'

/** Tries that end by a fault of ours before a job is given up. */
const MAX_FAILURES = 3
/** Milliseconds before a job that has to wait for something is offered again. */
const PAUSE_MS = 5000

type Needed = Pick<Needs, 'work' | 'films' | 'transcoder' | 'temp' | 'media'> & {
  readonly filmJobs: FilmJobs
  /** Told of an error that is ours, for the operator's log. */
  readonly onStumble: (job: FilmAttempt, error: unknown) => void
}

/** Makes one upload playable: claim, probe, plan, film, and a commit that only the current attempt can make. */
export class ProcessVideo {
  constructor(private readonly need: Needed) {}

  /** Does the job if it is there to be done. However it ends, the job's row says so.
   *  @param signal aborts when the worker must hand back; the job is then done again elsewhere */
  async run(jobId: string, signal: AbortSignal): Promise<void> {
    const job = await this.need.filmJobs.claim(jobId)
    if (!job) return
    const lease = this.need.work.hold(job)
    try {
      await this.#try(job, lease, signal)
    } catch (error) {
      if (!(error instanceof Superseded)) throw error
    } finally {
      lease.stop()
    }
  }

  async #try(job: FilmAttempt, lease: Lease, signal: AbortSignal): Promise<void> {
    const attributes = { 'video.id': job.videoId, 'job.id': job.id, 'job.attempt': job.number }
    try {
      await span('process video', attributes, () => this.#process(job, lease, signal))
    } catch (error) {
      if (error instanceof Superseded) throw error
      if (signal.aborted) await this.need.filmJobs.handBack(job, undefined, false)
      else await this.#recover(job, error, signal)
    }
  }

  async #process(job: FilmAttempt, lease: Lease, stop: AbortSignal): Promise<void> {
    const { filmJobs, transcoder, temp } = this.need
    const signal = AbortSignal.any([stop, lease.signal])
    const place = await transcoder.open()
    try {
      await place.take(await temp.materialise(job.key, place.dir))
      const probe = await span('probe', {}, () => place.probe(signal))
      if ('code' in probe) return await filmJobs.reject(job, probe)
      const plan = planVideo(probe)
      if ('code' in plan) return await filmJobs.reject(job, plan)
      await filmJobs.finish(job, await new MakeFilm(this.need, job, place, probe, plan, lease).run(signal))
    } finally {
      await place.close()
    }
  }

  async #recover(job: FilmAttempt, error: unknown, signal: AbortSignal): Promise<void> {
    const { filmJobs, onStumble } = this.need
    const { problem, again } = toProblem(error)
    if (again === 'never') return filmJobs.reject(job, problem)
    onStumble(job, error)
    const counts = again === 'counts'
    if (counts && job.failures + 1 >= MAX_FAILURES) return filmJobs.giveUp(job, problem)
    if (again === 'waits') await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined)
    await filmJobs.handBack(job, problem, counts)
  }
}
