import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@balcao/kernel'
import { disguised } from '../../domain/media/disguise.ts'
import { MAX_PIXELS } from '../../domain/media/plan.ts'
import type { Probe } from '../../domain/media/probe.ts'
import { type Rejection, rejections } from '../../domain/media/rejections.ts'
import { readBoxes } from './boxes.ts'
import { files, inputGuards } from './ffmpeg-arguments.ts'
import { type FfprobeAnswer, readGops, toProbe, whyRefused } from './ffprobe-answer.ts'
import { headOf } from './head-of.ts'
import type { Exit, Limits, Sandbox } from './sandbox.ts'

const GIB = 1024 ** 3
const limits: Limits = { memoryBytes: 3 * GIB, fileBytes: 0, cpuSeconds: 60, quietMs: 60_000 }
const HEAD_BYTES = 1024
/** Key frames are looked at in two places of this many seconds. */
const LOOK_SECONDS = 20

/** ffprobe, in the sandbox. */
export class Ffprobe {
  constructor(
    private readonly sandbox: Sandbox,
    private readonly program: string,
  ) {}

  /** Looks at `./in` of a job's directory: what it is, or why it can never become a video.
   *  @throws AppError `video/probe_failed` when ffprobe itself was killed or hung: try again */
  async probe(dir: string, signal: AbortSignal): Promise<Probe | Rejection> {
    const path = join(dir, files.input)
    const disguise = disguised(await headOf(path, HEAD_BYTES))
    if (disguise) return disguise
    const { stdout, stderr, how } = await this.#ask(dir, signal, files.input, ['-show_format', '-show_streams'])
    const answer = parse(stdout)
    const large = answer.streams?.some((stream) => (stream.width ?? 0) * (stream.height ?? 0) > MAX_PIXELS)
    if (large || /exceeds specified max pixel count|Picture size .* is invalid/.test(stderr)) {
      return rejections.dimensionsTooLarge
    }
    if (how === 'failed' || !answer.format) return whyRefused(stderr)
    const iso = answer.format.format_name?.includes('mp4') ?? false
    const probe = toProbe(answer, (await stat(path)).size, iso ? await readBoxes(path) : undefined)
    if (probe.video?.codec !== 'h264') return probe
    return { ...probe, video: { ...probe.video, ...(await this.#gops(dir, signal, probe)) } }
  }

  /** What an output of ours holds. */
  async check(dir: string, file: string, signal: AbortSignal): Promise<Probe> {
    const { stdout } = await this.#ask(dir, signal, file, ['-show_format', '-show_streams'])
    return toProbe(parse(stdout), 0, undefined)
  }

  async #gops(dir: string, signal: AbortSignal, probe: Probe) {
    const middle = Math.floor((probe.durationSeconds ?? 0) / 2)
    const places = [`%+${LOOK_SECONDS}`, ...(middle > 2 * LOOK_SECONDS ? [`${middle}%+${LOOK_SECONDS}`] : [])]
    const show = ['-show_entries', 'packet=pts_time,flags', '-select_streams', String(probe.video!.index)]
    const looked = await Promise.all(
      places.map((place) => this.#ask(dir, signal, files.input, [...show, '-read_intervals', place])),
    )
    const gops = looked.map(({ stdout }) => readGops(parse(stdout).packets ?? []))
    return {
      longestGopSeconds: gops.some((gop) => gop.longestGopSeconds === undefined)
        ? undefined
        : Math.max(...gops.map((gop) => gop.longestGopSeconds!)),
      openGop: gops.some((gop) => gop.openGop),
    }
  }

  async #ask(dir: string, signal: AbortSignal, file: string, show: readonly string[]): Promise<Exit> {
    const args = ['-v', 'error', '-print_format', 'json', ...inputGuards(), ...show, '-i', file]
    const exit = await this.sandbox.run(this.program, args, { cwd: dir, limits, signal })
    if (exit.how === 'done' || exit.how === 'failed') return exit
    if (exit.how === 'aborted') throw signal.reason
    throw new AppError('unavailable', 'video/probe_failed', 'A análise do arquivo foi interrompida.', { how: exit.how })
  }
}

function parse(stdout: string): FfprobeAnswer {
  try {
    return JSON.parse(stdout) as FfprobeAnswer
  } catch {
    return {}
  }
}
