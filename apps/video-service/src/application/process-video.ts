import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '@balcao/kernel'
import { type ObjectStore, type Platform, span } from '@balcao/platform'
import { type Plan, planVideo } from '../domain/media/plan.ts'
import { type Probe, uprightSize } from '../domain/media/probe.ts'
import { partial, type Rejection } from '../domain/media/rejections.ts'
import { agree, verify } from '../domain/media/verify.ts'
import { type ClaimedJob, type JobLog, type Outcome, outputPrefix } from './job-log.ts'
import { toProblem } from './job-problem.ts'
import { LEASE_SECONDS, Lease } from './lease.ts'
import { PublishRenditions } from './publish-renditions.ts'
import { Superseded } from './superseded.ts'
import type { Transcoder, Workplace } from './transcoder.ts'

/** Tries that end by a fault of ours before a job is given up. */
const MAX_FAILURES = 3
/** Milliseconds before a job that has to wait for something is offered again. */
const PAUSE_MS = 5000
/** Above this the store's copy is not one request (S3: 5 GiB). */
const MAX_COPY_BYTES = 5 * 1024 ** 3

/** Makes one upload playable: claim, probe, plan, one pass of ffmpeg whose segments are published as they are written,
 *  MP4, poster, verification, and a commit that only the current attempt can make. */
export class ProcessVideo {
  constructor(
    private readonly jobs: JobLog,
    private readonly objects: Pick<ObjectStore, 'put' | 'copy' | 'materialise'>,
    private readonly transcoder: Transcoder,
    private readonly log: Pick<Platform['log'], 'warn'>,
    private readonly mediaBucket: string,
  ) {}

  /** Does the job if it is there to be done. However it ends, the job's row says so.
   *  @param signal aborts when the worker must hand back; the job is then done again elsewhere */
  async run(jobId: string, signal: AbortSignal): Promise<void> {
    const job = await this.jobs.claim(jobId, LEASE_SECONDS)
    if (!job) return
    const lease = new Lease(this.jobs, job)
    try {
      const attributes = { 'video.id': job.videoId, 'job.id': jobId, 'job.attempt': job.number }
      await span('process video', attributes, () => this.#process(job, lease, signal))
    } catch (error) {
      if (error instanceof Superseded) return
      if (signal.aborted) await this.jobs.handBack(job, undefined, false)
      else await this.#recover(job, error, signal)
    } finally {
      lease.stop()
    }
  }

  async #process(job: ClaimedJob, lease: Lease, stop: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([stop, lease.signal])
    const place = await this.transcoder.open()
    try {
      await place.take(await this.objects.materialise(job.input.bucket, job.input.key, place.dir))
      const probe = await span('probe', {}, () => place.probe(signal))
      const plan = 'code' in probe ? probe : planVideo(probe)
      if ('code' in probe || 'code' in plan) return await this.#reject(job, plan as Rejection)
      const outcome = await this.#make(job, place, probe, plan, lease, signal)
      Superseded.unless(await this.jobs.finish(job, outcome))
    } finally {
      await place.close()
    }
  }

  async #make(
    job: ClaimedJob,
    place: Workplace,
    probe: Probe,
    plan: Plan,
    lease: Lease,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const size = probe.video && uprightSize(probe.video)
    const [width, height] = [size && Math.round(size.width), size && Math.round(size.height)]
    const declared = probe.durationSeconds
    Superseded.unless(await this.jobs.describe(job, { durationSeconds: declared, width, height }))

    const sound = plan.picture?.rungs.length ?? 0
    const keep = (output: number) => plan.download !== 'source' && (output === 0 || output === sound)
    const publish = new PublishRenditions(this.jobs, this.objects, this.mediaBucket, job, plan, keep, (error) =>
      lease.lose(error),
    )
    const progress = this.#progress(job, declared, lease)
    let poster: Promise<string> | undefined
    const events = {
      onSegment: (segment: Parameters<PublishRenditions['add']>[0]) => publish.add(segment),
      onPoster: (path: string) => {
        poster = this.#poster(job, path)
        poster.catch((error) => lease.lose(error))
      },
      onProgress: progress,
    }
    await span('ffmpeg', { 'video.plan': plan.name }, () => place.pass(plan, events, signal))
    await publish.drained()
    if (!publish.complete) throw new AppError('unavailable', 'video/verification_failed', 'Faltou uma das saídas.')

    const decoded = publish.seconds
    const cut = declared !== undefined && decoded < declared && !agree(decoded, declared)
    const mp4 = await this.#mp4(
      job,
      place,
      probe,
      cut && plan.download === 'original' ? { ...plan, download: 'top' } : plan,
      decoded,
      signal,
    )
    if (!poster) {
      const path = await place.poster(plan, signal)
      if (path) poster = this.#poster(job, path)
    }
    const top = plan.picture?.rungs[0]
    const shown = plan.download === 'top' && top ? top : { width, height }
    return {
      durationSeconds: decoded,
      width: shown.width,
      height: shown.height,
      mp4,
      posterKey: await poster,
      // Only a copy of the very bytes keeps every track, subtitle and colour of an upload (ADR 4).
      original: plan.download === 'original' && !cut ? 'covered' : 'archive',
      warning: cut ? partial : undefined,
    }
  }

  /** The file to download. An upload that is served as it is becomes an output by a copy inside the store. */
  async #mp4(job: ClaimedJob, place: Workplace, probe: Probe, plan: Plan, decoded: number, signal: AbortSignal) {
    const [name, type] = plan.picture ? ['video.mp4', 'video/mp4'] : ['audio.m4a', 'audio/mp4']
    const key = `${outputPrefix(job)}${name}`
    if (plan.download === 'original' && probe.size < MAX_COPY_BYTES) {
      await this.objects.copy(job.input.bucket, job.input.key, this.mediaBucket, key)
      return { key, size: probe.size }
    }
    const { path, size } = await span('mp4', {}, () => place.mp4(plan, signal))
    const wrong = verify(await place.inspect(path, signal), plan, decoded)
    if (wrong) throw new AppError('unavailable', 'video/verification_failed', wrong)
    await this.objects.put(this.mediaBucket, key, { path }, type)
    return { key, size }
  }

  async #poster(job: ClaimedJob, path: string): Promise<string> {
    const key = `${outputPrefix(job)}poster.jpg`
    await this.objects.put(this.mediaBucket, key, { path }, 'image/jpeg')
    Superseded.unless(await this.jobs.publishPoster(job, key))
    return key
  }

  /** Writes percent and remaining seconds, one write at a time. The declared duration may lie, so 99 is the most. */
  #progress(job: ClaimedJob, declared: number | undefined, lease: Lease): (seconds: number) => void {
    const started = performance.now()
    let writing = false
    return (seconds) => {
      if (writing || !declared) return
      writing = true
      const done = Math.min(0.99, seconds / declared)
      const elapsed = (performance.now() - started) / 1000
      const eta = done > 0.02 ? Math.round(elapsed / done - elapsed) : null
      this.jobs
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

  /** A file that can never become a video: no retry, and a line for the audit. */
  async #reject(job: ClaimedJob, reason: Rejection): Promise<void> {
    if (await this.jobs.fail(job, reason)) {
      this.log.warn({ audit: 'upload_rejected', ...ids(job), code: reason.code }, 'An upload was refused')
    }
  }

  async #recover(job: ClaimedJob, error: unknown, signal: AbortSignal): Promise<void> {
    const { problem, again } = toProblem(error)
    if (again === 'never') return this.#reject(job, problem as Rejection)
    this.log.warn({ ...ids(job), code: problem.code, err: error }, 'A job stumbled')
    if (again === 'counts' && job.failures + 1 >= MAX_FAILURES) {
      await this.jobs.fail(job, problem)
      return
    }
    if (again === 'waits') await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined)
    await this.jobs.handBack(job, problem, again === 'counts')
  }
}

const ids = ({ videoId, jobId, number }: ClaimedJob) => ({ videoId, jobId, attempt: number })
