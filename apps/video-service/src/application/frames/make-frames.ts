import { setTimeout as pause } from 'node:timers/promises'
import { type Lease, Superseded, span } from '@balcao/platform'
import { expiryOf, type FramePlan, type Frames, imageName, planFrames } from '../../domain/frames.ts'
import { rejections } from '../../domain/media/rejections.ts'
import type { Needs } from '../needs.ts'
import { type FramesAttempt, framesPrefix } from '../ports/frames.ts'
import type { Workplace } from '../ports/transcoder.ts'
import { toProblem } from '../processing/job-problem.ts'
import type { FramesJobs } from './frames-jobs.ts'

/** Tries that end by a fault of ours before a job is given up. */
const MAX_FAILURES = 3
/** Milliseconds before a job that has to wait for something is offered again. */
const PAUSE_MS = 5000

type Needed = Pick<Needs, 'frames' | 'framesWork' | 'transcoder' | 'zip' | 'temp' | 'media' | 'clock'> & {
  readonly framesJobs: FramesJobs
  readonly onStumble: (job: FramesAttempt, error: unknown) => void
}

/** Makes the ZIP of one request for images: from the original where it was kept, else from the best rung. */
export class MakeFrames {
  constructor(private readonly need: Needed) {}

  /** Does the job if it is there to be done. However it ends, the job's row says so.
   *  @param signal aborts when the worker must hand back */
  async run(framesId: string, signal: AbortSignal): Promise<void> {
    const { framesJobs, framesWork } = this.need
    const job = await framesJobs.claim(framesId)
    if (!job) return
    const lease = framesWork.hold(job)
    try {
      await this.#try(job, lease, signal)
    } catch (error) {
      if (!(error instanceof Superseded)) throw error
    } finally {
      lease.stop()
    }
  }

  async #try(job: FramesAttempt, lease: Lease, signal: AbortSignal): Promise<void> {
    const { framesJobs, onStumble } = this.need
    try {
      await span('make frames', { 'video.id': job.videoId, 'job.id': job.id }, () => this.#make(job, lease, signal))
    } catch (error) {
      if (error instanceof Superseded) throw error
      if (signal.aborted) return framesJobs.handBack(job, undefined, false)
      const { problem, again } = toProblem(error)
      if (again === 'never') return framesJobs.giveUp(job, problem)
      onStumble(job, error)
      if (again === 'counts' && job.failures + 1 >= MAX_FAILURES) return framesJobs.giveUp(job, problem)
      if (again === 'waits') await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined)
      await framesJobs.handBack(job, problem, again === 'counts')
    }
  }

  async #make(job: FramesAttempt, lease: Lease, stop: AbortSignal): Promise<void> {
    const { frames, framesJobs, transcoder } = this.need
    const signal = AbortSignal.any([stop, lease.signal])
    const source = await frames.source(job.videoId)
    if (!source) return framesJobs.giveUp(job, rejections.uploadMissing)
    const place = await transcoder.open()
    try {
      await place.take(await this.need[source.bucket].materialise(source.key, place.dir))
      const probe = await place.probe(signal)
      if ('code' in probe) return await framesJobs.giveUp(job, probe)
      if (!probe.video || probe.durationSeconds === undefined)
        return await framesJobs.giveUp(job, rejections.noMediaStreams)
      const plan = planFrames(spacingOf(job), probe.durationSeconds)
      const paths = await span('ffmpeg', {}, () =>
        place.frames(probe.video!, plan, this.#progress(job, probe.durationSeconds!, lease), signal),
      )
      await framesJobs.finish(job, await this.#pack(job, place, plan, paths, signal))
    } finally {
      await place.close()
    }
  }

  async #pack(
    job: FramesAttempt,
    place: Workplace,
    plan: FramePlan,
    paths: readonly string[],
    signal: AbortSignal,
  ): Promise<NonNullable<Frames['zip']>> {
    const { zip, media, clock } = this.need
    const entries = paths.map((path, index) => ({ path, name: imageName(index + 1, plan) }))
    const { path, size, sha256 } = await zip.pack(entries, place.dir, signal)
    const key = `${framesPrefix(job)}${job.number}/frames.zip`
    await media.put(key, { path }, 'application/zip')
    return { key, images: paths.length, size, sha256, expiresAt: expiryOf(clock.now()) }
  }

  /** Writes percent and remaining seconds, one write at a time; the ZIP is the last hundredth. */
  #progress(job: FramesAttempt, duration: number, lease: Lease): (seconds: number) => void {
    const started = performance.now()
    let writing = false
    return (seconds) => {
      if (writing) return
      writing = true
      const done = Math.min(0.99, seconds / duration)
      const elapsed = (performance.now() - started) / 1000
      const eta = done > 0.02 ? Math.round(elapsed / done - elapsed) : undefined
      this.need.framesWork
        .progress(job, Math.round(done * 1000) / 10, eta)
        .then(
          (ours) => ours || lease.lose(),
          () => undefined,
        )
        .finally(() => {
          writing = false
        })
    }
  }
}

const spacingOf = ({ everySeconds, count }: FramesAttempt) =>
  everySeconds === undefined ? { count: count! } : { everySeconds }
