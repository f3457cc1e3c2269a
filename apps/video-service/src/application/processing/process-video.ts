import { type Lease, runAttempt, span } from '@balcao/platform'
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

/** Makes one upload playable: claim, probe, plan, film, and a commit that only the current attempt can make. */
export class ProcessVideo {
  constructor(private readonly need: Needed) {}

  /** Does the job if it is there to be done. @param signal aborts when the worker must hand back */
  run(jobId: string, signal: AbortSignal): Promise<void> {
    const { work, filmJobs, onStumble } = this.need
    return runAttempt(jobId, signal, {
      name: 'process video',
      attributes: ({ videoId }) => ({ 'video.id': videoId }),
      work,
      ends: filmJobs,
      make: (job, lease, held) => this.#make(job, lease, held),
      judge: toVerdict,
      onStumble,
    })
  }

  async #make(job: FilmAttempt, lease: Lease, signal: AbortSignal): Promise<void> {
    const { filmJobs, transcoder, temp } = this.need
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
}
