import { readFile } from 'node:fs/promises'
import { subtitlesOf } from '../../domain/media/subtitles.ts'
import { LEFT_OUT, type LeftOut, type TextTrack } from '../../domain/media/tracks.ts'
import { type Cue, writeWebvtt } from '../../domain/media/webvtt.ts'
import { SUBTITLES } from '../../domain/media-tags.ts'
import type { Needs } from '../needs.ts'
import { outputKey } from '../ports/jobs.ts'
import type { Making } from './making.ts'

/** Publishes what a film has beside its picture and sound: chapters at once, and subtitles as soon as they are read.
 *  What is wrong with them ends no film. */
export class PublishTracks {
  readonly #leftOut: LeftOut[]

  constructor(
    private readonly need: Pick<Needs, 'work' | 'tracks' | 'media'>,
    private readonly making: Making,
  ) {
    this.#leftOut = [...making.probe.leftOut]
  }

  async run(signal: AbortSignal): Promise<void> {
    const { probe, job, film, place } = this.making
    const { work, tracks } = this.need
    await work.fenced(job, () => tracks.describe(job.videoId, probe.chapters))
    const there = (await tracks.subtitles(film.videoId, film.number)).map(({ name }) => name)
    const written = probe.texts.length > 0 ? await place.texts(probe.texts, signal) : new Map<number, string>()
    for (const track of probe.texts) {
      const path = written.get(track.index)
      const cues = subtitlesOf(path === undefined ? undefined : await readFile(path))
      if (typeof cues === 'string') this.#leftOut.push(cues)
      else if (!there.includes(nameOf(track))) await this.#publish(track, cues)
    }
    await this.leaveOut(0)
  }

  /** Tells what cannot be watched.  @param silent sounds that hold nothing */
  leaveOut(silent: number): Promise<void> {
    const { job } = this.making
    const { work, tracks } = this.need
    const all = [...this.#leftOut, ...Array.from({ length: silent }, () => LEFT_OUT.unreadable)]
    return work.fenced(job, () => tracks.leaveOut(job.videoId, all))
  }

  async #publish(track: TextTrack, cues: readonly Cue[]): Promise<void> {
    const { job, film, place, probe, plan } = this.making
    const { work, tracks, media } = this.need
    const { index: _, ...told } = track
    const name = nameOf(track)
    const key = outputKey(job, film, `${name}.vtt`)
    await media.put(key, Buffer.from(writeWebvtt(cues, place.lateness(plan))), 'text/vtt')
    const durationSeconds = Math.max(probe.durationSeconds ?? 0, cues.at(-1)!.end)
    await work.fenced(job, () => tracks.addSubtitles(film, { name, ...told, durationSeconds, key }))
  }
}

const nameOf = ({ index }: TextTrack) => `${SUBTITLES}${index}`
