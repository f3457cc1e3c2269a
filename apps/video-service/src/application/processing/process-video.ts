import { AppError } from '@balcao/kernel'
import { type Lease, runAttempt, span } from '@balcao/platform'
import { type Lane, laneOf } from '../../domain/job.ts'
import { isNoticed } from '../../domain/media/damage.ts'
import { isEncoded, type Plan, planVideo } from '../../domain/media/plan.ts'
import { wayAfter } from '../../domain/media/ways.ts'
import type { Needs } from '../needs.ts'
import type { FilmInWork } from '../ports/films.ts'
import type { FilmAttempt } from '../ports/jobs.ts'
import { wake } from '../ports/queues.ts'
import type { Workplace } from '../ports/transcoder.ts'
import { planned } from './announced.ts'
import { beside } from './beside.ts'
import type { FilmJobs } from './film-jobs.ts'
import { fitToContent } from './fit-to-content.ts'
import { toVerdict } from './job-problem.ts'
import { MakeFilm } from './make-film.ts'
import { MakePreview } from './make-preview.ts'
import { DoesNotGoOn } from './publish-renditions.ts'
import { PublishTracks } from './publish-tracks.ts'

/** Milliseconds. */
const TURN_MS = 3600 * 1000
/** Milliseconds that a film may take where others wait to be looked at. */
const MOMENT_MS = 10_000
const aMoment = () => AbortSignal.timeout(MOMENT_MS)

type Needed = Pick<
  Needs,
  'jobs' | 'queue' | 'work' | 'films' | 'tracks' | 'packer' | 'transcoder' | 'temp' | 'media' | 'clock'
> & {
  readonly filmJobs: FilmJobs
  /** Told of an error that is ours, for the operator's log. */
  readonly onStumble: (job: FilmAttempt, error: unknown) => void
  /** Aborts when a film has taken long enough where others wait to be looked at. */
  readonly moment?: () => AbortSignal
}

/** Makes uploads playable: claim, probe, plan, film, and a commit that only the current attempt can make. */
export class ProcessVideo {
  constructor(private readonly need: Needed) {}

  /** Looks at an upload, so that nobody waits long for a first word: what can never be a film is refused, what is copied
   *  in a moment is made, and the rest is passed on to its lane.  @param signal aborts when the worker must hand back */
  async look(jobId: string, signal: AbortSignal): Promise<void> {
    const { jobs, queue } = this.need
    const lane = await jobs.laneOf(jobId)
    // A message that comes twice must not take a job out of its turn.
    if (lane !== 'look') return wake(queue, lane, jobId)
    await this.#attempt(() => this.need.filmJobs.claim(jobId), signal)
  }

  /** Makes the films of a lane, one after the other, until none may be taken, or for so long that it is another
   *  message's turn: one does not live for ever. */
  async makeNext(lane: Lane, signal: AbortSignal): Promise<void> {
    const { filmJobs, queue, clock } = this.need
    const until = clock.now().getTime() + TURN_MS
    while (!signal.aborted) {
      if (!(await this.#attempt(() => filmJobs.claimNext(lane), signal))) return
      if (clock.now().getTime() >= until) return wake(queue, lane, 'next')
    }
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
    const { filmJobs, transcoder, temp, work, films, onStumble, moment = aMoment } = this.need
    const place = await transcoder.open()
    try {
      await place.take(await temp.materialise(job.key, place.dir))
      const probe = await span('probe', {}, () => place.probe(signal))
      if ('code' in probe) return await filmJobs.reject(job, probe)
      const plan = planVideo(probe, job.way)
      if ('code' in plan) return await filmJobs.reject(job, plan)
      const lane = laneOf(plan, probe)
      if (job.lane === 'look' && lane !== 'look') return await filmJobs.passOn(job, lane)
      const patience = job.lane === 'look' ? moment() : undefined
      const film = await this.#film(job, place, plan)
      const making = { job, film, place, probe, plan }
      const tracks = new PublishTracks(this.need, making)
      try {
        if (job.lane === 'preview' && isEncoded(plan)) {
          const preview = new MakePreview(this.need, { ...making, plan })
          const damage = await beside(
            signal,
            (held) => preview.run(held),
            (held) => tracks.run(held),
          )
          // Who goes on with it does not read that part again, and would call the film whole.
          if (damage && isNoticed(damage, probe)) await work.fenced(job, () => films.leaveOff(film))
          return await filmJobs.passOn(job, 'encode')
        }
        const fit = await fitToContent(place, plan, probe, signal)
        const make = new MakeFilm(this.need, { ...making, plan: fit }, lease)
        const made = await beside(
          patience ? AbortSignal.any([signal, patience]) : signal,
          (held) => make.run(held),
          (held) => tracks.run(held),
        )
        if (made.silent > 0) await tracks.leaveOut(made.silent)
        await filmJobs.finish(job, made)
      } catch (error) {
        // A file may tell less than there is in it.
        if (patience?.aborted && !signal.aborted) return await filmJobs.passOn(job, 'copy')
        if (error instanceof DoesNotGoOn) return await filmJobs.beginAnew(job, film)
        if (!isOfTheFilm(error)) throw error
        const next = wayAfter(job.way, probe, await place.decodes(probe, signal))
        const looksOnly = job.lane === 'preview'
        if (!next && !looksOnly) throw error
        onStumble(job, error)
        if (!next) return await filmJobs.passOn(job, 'encode')
        await (typeof next === 'string' ? filmJobs.goAnotherWay(job, next) : filmJobs.reject(job, next))
      }
    } finally {
      await place.close()
    }
  }

  /** What the attempt works on; whoever watches it knows from the start which pictures will come. */
  async #film(job: FilmAttempt, place: Workplace, plan: Plan): Promise<FilmInWork> {
    const { work, films } = this.need
    return work.fenced(job, async () => {
      const film = await films.inWork(job, place.recipe(plan))
      if (isEncoded(plan)) for (const rendition of planned(plan.picture)) await films.addRendition(film, rendition)
      return film
    })
  }
}

const codeOf = (error: unknown) => (error instanceof AppError ? error.code : '')

/** What another way of making the film may mend: what was copied may be decoded, what came unevenly be made even. */
const isOfTheFilm = (error: unknown) => ['video/ffmpeg_failed', 'video/verification_failed'].includes(codeOf(error))
