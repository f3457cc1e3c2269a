import { type Lease, runAttempt, Superseded, span } from '@balcao/platform'
import { expiryOf, type FramePlan, type Frames, imageName, planFrames } from '../../domain/frames.ts'
import { rejections } from '../../domain/media/rejections.ts'
import type { Needs } from '../needs.ts'
import { type FramesAttempt, type FramesSource, framesPrefix } from '../ports/frames.ts'
import type { Workplace } from '../ports/transcoder.ts'
import { toVerdict } from '../processing/job-problem.ts'
import type { FramesJobs } from './frames-jobs.ts'

type Needed = Pick<Needs, 'frames' | 'framesWork' | 'transcoder' | 'zip' | 'temp' | 'media' | 'clock'> & {
  readonly framesJobs: FramesJobs
  readonly onStumble: (job: FramesAttempt, error: unknown) => void
}

/** Makes the ZIP of one request for images: from the original where it was kept, else from the best rung. */
export class MakeFrames {
  constructor(private readonly need: Needed) {}

  /** Does the job if it is there to be done. @param signal aborts when the worker must hand back */
  async run(framesId: string, signal: AbortSignal): Promise<void> {
    const { framesWork, framesJobs, onStumble } = this.need
    await runAttempt(signal, {
      name: 'make frames',
      attributes: ({ videoId }) => ({ 'video.id': videoId }),
      work: framesWork,
      claim: () => framesJobs.claim(framesId),
      ends: framesJobs,
      make: (job, lease, held) => this.#make(job, lease, held),
      judge: toVerdict,
      onStumble,
    })
  }

  async #make(job: FramesAttempt, lease: Lease, signal: AbortSignal): Promise<void> {
    const { frames, framesJobs, transcoder } = this.need
    const source = await frames.source(job.videoId)
    if (!source) return framesJobs.reject(job, rejections.uploadMissing)
    const place = await transcoder.open()
    try {
      await place.take(await this.#bring(job.videoId, source, place.dir))
      const probe = await place.probe(signal)
      if ('code' in probe) return await framesJobs.reject(job, probe)
      if (!probe.video || probe.durationSeconds === undefined)
        return await framesJobs.reject(job, rejections.noMediaStreams)
      const plan = planFrames(spacingOf(job), probe.durationSeconds)
      const { video, durationSeconds } = probe
      const progress = lease.progress()
      const paths = await span('ffmpeg', {}, () =>
        place.frames(video, plan, (seconds) => progress(seconds / durationSeconds), signal),
      )
      const made = await this.#pack(job, place, plan, paths, signal)
      await framesJobs.finish(job, made).catch(async (error: unknown) => {
        // Cancelled or removed meanwhile: nobody else would find it.
        if (error instanceof Superseded) await this.need.media.delete(made.key)
        throw error
      })
    } finally {
      await place.close()
    }
  }

  /** A film in a file below `dir`; the MP4 where its owner gives the original up in this moment.
   *  @throws AppError `object/not_found` */
  async #bring(videoId: string, source: FramesSource, dir: string): Promise<string> {
    try {
      return await this.need[source.bucket].materialise(source.key, dir)
    } catch (error) {
      const now = await this.need.frames.source(videoId)
      if (!now || now.key === source.key) throw error
      return this.need[now.bucket].materialise(now.key, dir)
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
}

const spacingOf = ({ everySeconds, count }: FramesAttempt) =>
  everySeconds === undefined ? { count: count! } : { everySeconds }
