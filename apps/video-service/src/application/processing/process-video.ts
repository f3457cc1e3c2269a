import { AppError } from '@balcao/kernel'
import { type Lease, runAttempt, span } from '@balcao/platform'
import { type Lane, laneOf } from '../../domain/job.ts'
import { planVideo } from '../../domain/media/plan.ts'
import type { Needs } from '../needs.ts'
import type { FilmAttempt } from '../ports/jobs.ts'
import type { FilmJobs } from './film-jobs.ts'
import { toVerdict } from './job-problem.ts'
import { MakeFilm } from './make-film.ts'

type Needed = Pick<Needs, 'work' | 'films' | 'transcoder' | 'temp' | 'media' | 'clock'> & {
  readonly filmJobs: FilmJobs
  /** Told of an error that is ours, for the operator's log. */
  readonly onStumble: (job: FilmAttempt, error: unknown) => void
}

/** Makes uploads playable: claim, probe, plan, film, and a commit that only the current attempt can make. */
export class ProcessVideo {
  constructor(private readonly need: Needed) {}

  /** Looks at an upload, so that nobody waits long for a first word: what can never be a film is refused, what is copied
   *  in a moment is made, and the rest is passed on to its lane.  @param signal aborts when the worker must hand back */
  async look(jobId: string, signal: AbortSignal): Promise<void> {
    await this.#attempt(() => this.need.filmJobs.claim(jobId), signal)
  }

  /** Makes the films of a lane, one after the other, until none may be taken. */
  async makeNext(lane: Lane, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.#attempt(() => this.need.filmJobs.claimNext(lane), signal))) {}
  }

  #attempt(claim: () => Promise<FilmAttempt | undefined>, signal: AbortSignal): Promise<boolean> {
    const { work, filmJobs, onStumble } = this.need
    return runAttempt(signal, {
      name: 'process video',
      attributes: ({ videoId, lane }) => ({ 'video.id': videoId, 'job.lane': lane }),
      work,
      claim,
      ends: filmJobs,
      make: (job, lease, held) => this.#make(job, lease, held),
      judge: toVerdict,
      onStumble,
    })
  }

  async #make(job: FilmAttempt, lease: Lease, signal: AbortSignal): Promise<void> {
    const { filmJobs, transcoder, temp, onStumble } = this.need
    const place = await transcoder.open()
    try {
      await place.take(await temp.materialise(job.key, place.dir))
      const probe = await span('probe', {}, () => place.probe(signal))
      if ('code' in probe) return await filmJobs.reject(job, probe)
      const plan = planVideo(probe, job.encodeAnyway)
      if ('code' in plan) return await filmJobs.reject(job, plan)
      const lane = laneOf(plan, probe.size)
      if (job.lane === 'look' && lane !== 'look') return await filmJobs.passOn(job, lane)
      try {
        await filmJobs.finish(job, await new MakeFilm(this.need, job, place, probe, plan, lease).run(signal))
      } catch (error) {
        // A picture that cannot be copied as it is may still be decoded. Who stops us, or took the job, is no reason.
        const copied = plan.picture?.how === 'copy' && error instanceof AppError && toVerdict(error).again === 'counts'
        if (!copied) throw error
        onStumble(job, error)
        await filmJobs.encodeInstead(job)
      }
    } finally {
      await place.close()
    }
  }
}
