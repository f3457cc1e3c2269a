import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@balcao/kernel'
import { disguised } from '../../domain/media/disguise.ts'
import { MAX_PIXELS } from '../../domain/media/plan.ts'
import type { Probe, VideoStream } from '../../domain/media/probe.ts'
import { type Rejection, rejections } from '../../domain/media/rejections.ts'
import { readBoxes } from './boxes.ts'
import { GapReader } from './damage-reader.ts'
import { files, inputGuards } from './ffmpeg-arguments.ts'
import {
  type FfprobeAnswer,
  type FfprobePacket,
  isTrimmed,
  readGops,
  readStart,
  toProbe,
  whyRefused,
} from './ffprobe-answer.ts'
import { headOf } from './head-of.ts'
import type { Exit, Limits, Sandbox } from './sandbox.ts'

const GIB = 1024 ** 3
const limits: Limits = { memoryBytes: 3 * GIB, fileBytes: 0, cpuSeconds: 60, quietMs: 60_000 }
const HEAD_BYTES = 1024
/** So many packets are looked at in two places: twenty seconds and more of a picture and a few sounds. A file may hold
 *  millions in as many. */
const LOOK_PACKETS = 3000
/** Seconds of a film of which the beginning is not enough. */
const LONG = 40
const packetsFrom = (begin: string) => [
  ...['-show_entries', 'packet=stream_index,pts_time,flags', '-read_intervals', `${begin}%+#${LOOK_PACKETS}`],
]

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
    const { answer, stderr, how } = await this.#read(dir, signal)
    const large = answer.streams?.some((stream) => (stream.width ?? 0) * (stream.height ?? 0) > MAX_PIXELS)
    if (large || /exceeds specified max pixel count|Picture size .* is invalid/.test(stderr)) {
      return rejections.dimensionsTooLarge
    }
    if (how === 'failed' || !answer.format) return whyRefused(stderr)
    const iso = answer.format.format_name?.includes('mp4') ?? false
    const [{ size }, boxes] = [await stat(path), iso ? await readBoxes(path) : undefined]
    const beginning = answer.packets ?? (await this.#packets(dir, signal, packetsFrom('')))
    const empty = new Set<number>()
    for (;;) {
      const probe = toProbe(answer, size, boxes, empty)
      const looks = [beginning, ...(await this.#lookFurther(dir, signal, probe))]
      const nothing = await this.#findEmpty(dir, signal, probe, looks)
      if (nothing.length === 0) return withLooks(probe, looks)
      for (const index of nothing) empty.add(index)
    }
  }

  /** All that one run tells, since to start one takes longer than to read on: whoever sent it waits for the answer. */
  async #read(dir: string, signal: AbortSignal) {
    const ask = (...more: string[]) => this.#ask(dir, signal, files.input, ['-show_format', '-show_streams', ...more])
    const whole = await ask('-show_chapters', ...packetsFrom(''))
    const answer = parse(whole.stdout)
    if (answer.format || whole.how !== 'done') return { ...whole, answer }
    // More chapters, or packets, than anybody reads: a film is worth having without them.
    const less = await ask()
    return { ...less, answer: parse(less.stdout) }
  }

  /** What an output of ours holds. */
  async check(dir: string, file: string, signal: AbortSignal): Promise<Probe> {
    const { stdout } = await this.#ask(dir, signal, file, ['-show_format', '-show_streams'])
    return toProbe(parse(stdout), 0, undefined)
  }

  /** Packets of all streams in the middle of what may be copied, where that is not seen from its beginning. */
  async #lookFurther(dir: string, signal: AbortSignal, { durationSeconds = 0, video }: Probe) {
    const middle = video?.codec === 'h264' ? Math.floor(durationSeconds / 2) : 0
    return middle > LONG ? [await this.#packets(dir, signal, packetsFrom(String(middle)))] : []
  }

  async #packets(dir: string, signal: AbortSignal, show: readonly string[]): Promise<readonly FfprobePacket[]> {
    return parse((await this.#ask(dir, signal, files.input, show)).stdout).packets ?? []
  }

  /** Of the streams that would be taken, those that no look met: a track may be declared that holds nothing. Only for
   *  them the file is read until one of their packets comes.  @returns their indices */
  async #findEmpty(
    dir: string,
    signal: AbortSignal,
    { video, sounds }: Probe,
    looks: readonly (readonly FfprobePacket[])[],
  ) {
    const met = new Set(looks.flat().map(({ stream_index }) => stream_index))
    const empty: number[] = []
    for (const stream of [video, ...sounds]) {
      if (!stream || met.has(stream.index)) continue
      const show = ['-select_streams', String(stream.index), '-show_entries', 'packet=flags', '-read_intervals', '%+#1']
      if ((await this.#packets(dir, signal, show)).length === 0) empty.push(stream.index)
    }
    return empty
  }

  /** Seconds of the longest time for which a stream has no packet: all of the file is read. */
  async longestGap(dir: string, stream: number, signal: AbortSignal): Promise<number> {
    const gaps = new GapReader()
    const onLine = (line: string) => {
      gaps.add(Number.parseFloat(line))
      return true
    }
    const show = ['-select_streams', String(stream), '-show_entries', 'packet=pts_time', '-of', 'csv=p=0']
    const args = ['-v', 'quiet', ...inputGuards(), ...show, '-i', files.input]
    const patient = { ...limits, cpuSeconds: 3600, quietMs: 600_000 }
    await this.sandbox.run(this.program, args, { cwd: dir, limits: patient, signal, onLine })
    return gaps.longest
  }

  async #ask(dir: string, signal: AbortSignal, file: string, show: readonly string[]): Promise<Exit> {
    const args = ['-v', 'error', '-print_format', 'json', ...inputGuards(), ...show, '-i', file]
    const exit = await this.sandbox.run(this.program, args, { cwd: dir, limits, signal })
    if (exit.how === 'done' || exit.how === 'failed') return exit
    if (exit.how === 'aborted') throw signal.reason
    throw new AppError('unavailable', 'video/probe_failed', 'A análise do arquivo foi interrompida.', { how: exit.how })
  }
}

function withLooks(probe: Probe, looks: readonly (readonly FfprobePacket[])[]): Probe {
  const { video, sounds } = probe
  const of = (index: number) => looks.map((look) => look.filter(({ stream_index }) => stream_index === index))
  const pictures = video ? of(video.index) : []
  const gops = video?.codec === 'h264' ? longest(pictures.map(readGops)) : {}
  return {
    ...probe,
    video: video && { ...video, ...gops, ...readStart(pictures[0]!), trimmed: readStart(pictures.flat()).trimmed },
    sounds: sounds.map((sound) => ({ ...sound, trimmed: isTrimmed(of(sound.index).flat()) })),
  }
}

function longest(gops: readonly Pick<VideoStream, 'longestGopSeconds' | 'openGop'>[]) {
  const seconds = gops.map(({ longestGopSeconds }) => longestGopSeconds)
  return {
    longestGopSeconds: seconds.includes(undefined) ? undefined : Math.max(...(seconds as number[])),
    openGop: gops.some(({ openGop }) => openGop),
  }
}

function parse(stdout: string): FfprobeAnswer {
  try {
    return JSON.parse(stdout) as FfprobeAnswer
  } catch {
    return {}
  }
}
