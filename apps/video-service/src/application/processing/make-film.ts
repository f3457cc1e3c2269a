import { AppError } from '@balcao/kernel'
import { type Lease, span } from '@balcao/platform'
import { isNoticed } from '../../domain/media/damage.ts'
import type { Plan } from '../../domain/media/plan.ts'
import { uprightSize } from '../../domain/media/probe.ts'
import { partial } from '../../domain/media/rejections.ts'
import { resumeAt } from '../../domain/media/resume.ts'
import { endOf, isPartial, type Made, verify } from '../../domain/media/verify.ts'
import type { Problem } from '../../domain/problem.ts'
import type { Needs } from '../needs.ts'
import type { Outcome } from '../ports/films.ts'
import { type OriginalFate, outputKey } from '../ports/jobs.ts'
import type { PackedRendition } from '../ports/packed.ts'
import type { StoredStoryboard } from '../ports/storyboards.ts'
import { isSound } from './announced.ts'
import type { Making } from './making.ts'
import { type PackedFilm, PackRenditions } from './pack-renditions.ts'
import { PublishPass } from './publish-pass.ts'
import { publishPoster } from './publish-poster.ts'
import type { PublishRenditions } from './publish-renditions.ts'
import { storeStoryboard } from './store-storyboard.ts'

export interface Film {
  /** Of the attempt that began it. */
  readonly number: number
  readonly outcome: Outcome
  /** All of it. */
  readonly packed: readonly PackedRendition[]
  readonly storyboard: StoredStoryboard | undefined
  readonly original: OriginalFate
  /** `video/partial`: it plays, but not all of it was there. */
  readonly warning: Problem | undefined
  /** How many of its sounds hold nothing. */
  readonly silent: number
}

/** One pass of ffmpeg over one upload, whose segments are published as they are written; then packing, with the file to
 *  download, which is verified, storyboard and poster. Where others began the film, it goes on with what they published. */
export class MakeFilm {
  constructor(
    private readonly need: Pick<Needs, 'work' | 'films' | 'packer' | 'temp' | 'media' | 'clock'>,
    private readonly making: Making,
    private readonly lease: Lease,
  ) {}

  /** @throws AppError `video/verification_failed`, and what `Workplace` throws; DoesNotGoOn, Superseded; the signal's reason */
  async run(signal: AbortSignal): Promise<Film> {
    const { probe, plan, job, film } = this.making
    const { work, films } = this.need
    const size = plan.picture && probe.video && uprightSize(probe.video)
    const [width, height] = [size && Math.round(size.width), size && Math.round(size.height)]
    const declared = probe.durationSeconds
    await work.fenced(job, () => films.describe(job.videoId, { durationSeconds: declared, width, height }))

    const resume = resumeAt(plan, probe.container, (name) => film.begun.get(name)?.segments ?? [])
    const progress = this.lease.progress(declared && resume.from / declared)
    const pass = new PublishPass(
      this.need,
      this.making,
      {
        name: 'ffmpeg',
        keep: true,
        stretch: { ...resume, until: undefined, poster: !film.posterKey },
        onProgress: (seconds) => declared && progress(seconds / declared),
      },
      signal,
    )
    const { tellsMore, damage } = (await pass.run())!
    const publish = pass.renditions
    if (!publish.complete) throw failed('Faltou uma das saídas.')

    const { made } = publish
    const cut = isPartial(probe, made) || isNoticed(damage, probe)
    const asItIs = plan.download === 'original' && !cut && !tellsMore
    const heard = { ...plan, sounds: plan.sounds.filter((_, at) => made.sounds[at]) }
    const served: Plan = plan.download === 'original' && !asItIs ? { ...heard, download: 'top' } : heard
    const [{ mp4, packed, storyboard }, posterKey] = await both(
      span('pack', {}, () => this.#pack(served, publish, pass.stop)),
      pass.poster ?? film.posterKey ?? this.#poster(signal),
    )
    const top = plan.picture?.rungs[0]
    const shown = plan.download === 'top' && top ? top : { width, height }
    return {
      number: film.number,
      outcome: {
        durationSeconds: endOf(made),
        width: shown.width,
        height: shown.height,
        mp4,
        posterKey,
      },
      packed,
      storyboard,
      // Only a copy of the very bytes keeps every track, subtitle and colour of an upload (ADR 4).
      original: asItIs ? 'covered' : 'archive',
      warning: cut ? partial : undefined,
      silent: made.sounds.filter((extent) => !extent).length,
    }
  }

  async #poster(signal: AbortSignal): Promise<string | undefined> {
    const { place, plan } = this.making
    const path = await place.poster(plan, signal)
    return path && publishPoster(this.need, this.making, path)
  }

  /** Puts all of it into few objects, one of which is the file to download, where the best of them is that. */
  async #pack(plan: Plan, publish: PublishRenditions, signal: AbortSignal) {
    const { job, film, place } = this.making
    const pack = new PackRenditions(this.need, place.dir, (file) => outputKey(job, film, file), signal)
    const fetch = (key: string, name: string) => this.need.media.materialise(key, place.dir, name)
    const renditions = await publish.local(fetch)
    const storyboard = await storeStoryboard(this.need, { ...this.making, plan }, renditions, signal)
    const check = (path: string) => this.#verify(path, plan, publish.made, signal)
    const top = plan.picture?.rungs[0]?.name
    const best = renditions.filter(({ name }) => plan.download === 'top' && (name === top || isSound(name)))
    const { mp4, packed } = best.length > 0 ? await pack.film(best, check) : await this.#mp4(plan, check)
    const others: PackedRendition[] = []
    for (const rendition of renditions) if (!best.includes(rendition)) others.push(await pack.alone(rendition))
    return { mp4, packed: [...packed, ...others], storyboard }
  }

  /** The file to download, where it is not what HLS shows. An upload that is served as it is becomes an output by a copy
   *  inside the store. */
  async #mp4(plan: Plan, check: (path: string) => Promise<void>): Promise<PackedFilm> {
    const { job, film, place, probe } = this.making
    const { temp, media } = this.need
    const key = outputKey(job, film, 'video.mp4')
    if (plan.download === 'original') {
      await temp.copy(job.key, media, key)
      return { mp4: { key, size: probe.size }, packed: [] }
    }
    const { path, size } = await place.mp4()
    await check(path)
    await media.put(key, { path }, 'video/mp4')
    return { mp4: { key, size }, packed: [] }
  }

  async #verify(path: string, plan: Plan, made: Made, signal: AbortSignal): Promise<void> {
    const wrong = verify(await this.making.place.inspect(path, signal), plan, made)
    if (wrong) throw failed(wrong)
  }
}

/** Two that go on side by side, and are both over when one has failed: what they write to is removed then. */
async function both<A, B>(one: Promise<A>, other: B | Promise<B>): Promise<[A, Awaited<B>]> {
  await Promise.allSettled([one, other])
  return [await one, await other]
}

const failed = (why: string) => new AppError('unavailable', 'video/verification_failed', why)
