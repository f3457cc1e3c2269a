import { createHash } from 'node:crypto'
import { access, readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '@balcao/kernel'
import type { PassEvents, Passed, Stretch, Workplace } from '../../application/ports/transcoder.ts'
import type { FramePlan } from '../../domain/frames.ts'
import type { Damage } from '../../domain/media/damage.ts'
import { type EncodedPicture, type EncodedPlan, type Plan, renditionCount } from '../../domain/media/plan.ts'
import type { Probe, VideoStream } from '../../domain/media/probe.ts'
import type { TextTrack } from '../../domain/media/tracks.ts'
import type { Decodes } from '../../domain/media/ways.ts'
import { MOST_TEXT_BYTES } from '../../domain/media/webvtt.ts'
import type { Storyboard } from '../../domain/storyboard.ts'
import { beginOf, HEAD_BYTES } from '../iso/fragments.ts'
import { DamageReader } from './damage-reader.ts'
import { diskFull, saysFull, watchRoom } from './disk-full.ts'
import { controlArguments, decodeArguments, decoding, files } from './ffmpeg-arguments.ts'
import { doneWithout, failure } from './ffmpeg-failure.ts'
import type { Ffprobe } from './ffprobe.ts'
import { headOf } from './head-of.ts'
import { bring, letIn, nameInput } from './job-directory.ts'
import { canGoOn, latenessOf, passArguments } from './pass-arguments.ts'
import { followProgress } from './progress.ts'
import { compareArguments, sampleArguments, sampleFiles, scoreIn } from './sample.ts'
import type { Limits, Run, Sandbox } from './sandbox.ts'
import { seiTells } from './sei.ts'
import { framesArguments, posterArguments, posterAtArguments, storyboardArguments } from './still-arguments.ts'
import { textArguments, textsIn } from './texts.ts'
import type { Toolchain } from './toolchain.ts'
import { WatchOutputs } from './watch-outputs.ts'

const GIB = 1024 ** 3
const MOST_TEXT_FILE = 2 * MOST_TEXT_BYTES
/** How many times as long something may be silent that has reason to be. */
const TIMES_AS_PATIENT = 10
/** Messages beside the pictures that are more than captions take. */
const MAX_SEI = 64 * 1024 ** 2

/** The place of one job, in which ffmpeg and ffprobe run in the sandbox. */
export class FfmpegWorkplace implements Workplace {
  readonly #limits: Limits
  /** Of what others have the processor before, or what looks for something. */
  readonly #patientLimits: Limits

  constructor(
    readonly dir: string,
    private readonly sandbox: Sandbox,
    private readonly tools: Toolchain,
    private readonly ffprobe: Ffprobe,
    quietMs: number,
  ) {
    this.#limits = { memoryBytes: 8 * GIB, fileBytes: 1024 * GIB, cpuSeconds: 48 * 3600, quietMs }
    this.#patientLimits = { ...this.#limits, quietMs: quietMs * TIMES_AS_PATIENT }
  }

  take(path: string): Promise<void> {
    return nameInput(path, this.dir)
  }

  probe(signal: AbortSignal) {
    return this.ffprobe.probe(this.dir, signal)
  }

  recipe(plan: Plan): string | undefined {
    const { abilities, version } = this.tools
    if (!canGoOn(plan, abilities)) return undefined
    return createHash('sha256')
      .update([version, ...passArguments(plan, { ...abilities, processors: 1 })].join('\n'))
      .digest('hex')
  }

  lateness(plan: Plan): number {
    return latenessOf(plan, this.tools.abilities)
  }

  async pass(plan: Plan, stretch: Stretch, events: PassEvents, signal: AbortSignal): Promise<Passed> {
    const { abilities } = this.tools
    const outputs = new WatchOutputs(this.dir, renditionCount(plan), latenessOf(plan, abilities), events)
    const damage = new DamageReader()
    const onLine = followProgress((seconds) => {
      events.onProgress(seconds)
      outputs.lookSoon()
    })
    try {
      // An encode takes what is left: those who only copy, or look, are waited for.
      const background = plan.picture?.how === 'encode' && stretch.until === undefined
      const onError = (line: string) => damage.line(line)
      await this.#run(passArguments(plan, abilities, stretch), signal, { onLine, onError, background })
    } finally {
      await outputs.end()
    }
    return {
      tellsMore: plan.download === 'original' && plan.picture !== undefined && (await this.#seiTells()),
      damage: await this.#damage(plan, damage, signal),
    }
  }

  async #damage({ picture, sounds }: Plan, read: DamageReader, signal: AbortSignal): Promise<Damage> {
    const lostOf = (stream: number) => read.lost.get(stream) ?? 0
    // Sound never stands still, as a picture may.
    const { stream } = sounds[0] ?? picture!
    return {
      pictures: read.broken + (picture ? lostOf(picture.stream) : 0),
      sounds: Math.max(0, ...sounds.map((sound) => lostOf(sound.stream))),
      skippedSeconds: read.skipped ? await this.ffprobe.longestGap(this.dir, stream, signal) : 0,
      gaveUp: read.gaveUp,
    }
  }

  async #seiTells(): Promise<boolean> {
    const path = join(this.dir, files.sei)
    return (await stat(path)).size > MAX_SEI || seiTells(await readFile(path))
  }

  async sample({ picture }: EncodedPlan, durationSeconds: number, signal: AbortSignal) {
    const { ffmpeg, vmaf } = this.tools
    if (!vmaf) return undefined
    // The very ffmpeg lies here already.
    const tool = vmaf === ffmpeg ? ffmpeg : await bring(vmaf, this.dir, this.sandbox.otherUser, 'vmaf')
    // Where no place of a file can be found without reading it, its beginning stands for all of it.
    return (await this.#score(tool, picture, durationSeconds, signal)) ?? this.#score(tool, picture, 0, signal)
  }

  async #score(tool: string, picture: EncodedPicture, durationSeconds: number, signal: AbortSignal) {
    const { abilities } = this.tools
    const background = true
    await this.#run(sampleArguments(picture, durationSeconds, abilities), signal, { background }).catch(doneWithout)
    signal.throwIfAborted()
    const options = { cwd: this.dir, limits: this.#limits, signal, background }
    const { stderr } = await this.sandbox.run(tool, compareArguments(abilities), options)
    signal.throwIfAborted()
    await Promise.all(sampleFiles.map((name) => rm(join(this.dir, name), { force: true })))
    return scoreIn(stderr)
  }

  async decodes({ video, sounds }: Probe, signal: AbortSignal): Promise<Decodes> {
    const options = { cwd: this.dir, limits: this.#patientLimits, signal }
    const comesOut = async (args: readonly string[]) => {
      const { stdout } = await this.sandbox.run(this.tools.ffmpeg, args, options)
      signal.throwIfAborted()
      return /^\d/m.test(stdout)
    }
    const picture =
      video !== undefined &&
      (await comesOut(decodeArguments(video, decoding({ ...video, stream: video.index }, this.tools.abilities))))
    let sound = false
    for (const one of sounds) sound ||= await comesOut(decodeArguments(one))
    // A program of ours that makes nothing of anything is no fault of the film's.
    if (!picture && !sound && !(await comesOut(controlArguments)))
      throw new AppError('unavailable', 'video/ffmpeg_failed', 'O vídeo não pôde ser convertido.')
    return { picture, sound }
  }

  async texts(tracks: readonly TextTrack[], signal: AbortSignal): Promise<ReadonlyMap<number, string>> {
    // Text is sparse: that ffmpeg looks for it is all it shows. What it wrote before it failed is text, too.
    const limits = { ...this.#limits, fileBytes: MOST_TEXT_FILE }
    const options = { cwd: this.dir, limits, signal, onLine: () => true }
    const exit = await this.sandbox.run(this.tools.ffmpeg, textArguments(tracks), options)
    if (exit.how === 'aborted') throw signal.reason
    return textsIn(this.dir, tracks)
  }

  async poster(plan: Plan, signal: AbortSignal): Promise<string | undefined> {
    const args = posterArguments(plan, this.tools.abilities)
    if (args) await this.#run(args, signal).catch(doneWithout)
    return this.#picture(files.poster, signal)
  }

  async posterAt(
    picture: { width: number; height: number },
    initPath: string,
    segmentPath: string,
    intoSeconds: number,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const begin = beginOf(await headOf(initPath, HEAD_BYTES), await headOf(segmentPath, HEAD_BYTES))
    const names = await this.#letIn([initPath, segmentPath])
    const args = posterAtArguments(names, picture, begin + intoSeconds, this.tools.abilities)
    await this.#run(args, signal).catch(doneWithout)
    return this.#picture(files.poster, signal)
  }

  async storyboard(
    plan: Plan,
    board: Storyboard,
    initPath: string,
    segments: readonly string[],
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const names = await this.#letIn([initPath, ...segments])
    const args = storyboardArguments(names, board, latenessOf(plan, this.tools.abilities))
    await this.#run(args, signal).catch(doneWithout)
    return this.#picture(files.storyboard, signal)
  }

  /** Files of the job's directory, as the program inside calls them. */
  async #letIn(paths: readonly string[]): Promise<string[]> {
    for (const path of paths) await letIn(path)
    return paths.map((path) => `./${basename(path)}`)
  }

  /** One that was written, if any was. */
  async #picture(file: string, signal: AbortSignal): Promise<string | undefined> {
    signal.throwIfAborted()
    const path = join(this.dir, file)
    return access(path).then(
      () => path,
      () => undefined,
    )
  }

  async mp4(): Promise<{ path: string; size: number }> {
    const path = join(this.dir, files.mp4)
    return { path, size: (await stat(path)).size }
  }

  async frames(
    video: VideoStream,
    plan: FramePlan,
    onProgress: (seconds: number) => void,
    signal: AbortSignal,
  ): Promise<string[]> {
    const onLine = followProgress(onProgress)
    await this.#run(framesArguments(video, plan, this.tools.abilities), signal, { onLine })
    const names = (await readdir(this.dir)).filter((name) => /^frame_\d{5,}\.jpg$/.test(name)).sort()
    if (names.length === 0) throw new AppError('unavailable', 'video/ffmpeg_failed', 'Nenhuma imagem pôde ser lida.')
    return names.map((name) => join(this.dir, name))
  }

  inspect(path: string, signal: AbortSignal) {
    return this.ffprobe.check(this.dir, `./${basename(path)}`, signal)
  }

  close(): Promise<void> {
    return rm(this.dir, { recursive: true, force: true })
  }

  async #run(
    args: readonly string[],
    signal: AbortSignal,
    { onLine = () => false, onError, background = false }: Pick<Run, 'onLine' | 'onError' | 'background'> = {},
  ): Promise<void> {
    const room = watchRoom(this.dir, signal)
    let full = false
    const onErrorLine = (line: string) => {
      full ||= saysFull(line)
      onError?.(line)
    }
    try {
      const limits = background ? this.#patientLimits : this.#limits
      const options = { cwd: this.dir, limits, signal: room.signal, onLine, onError: onErrorLine, background }
      const exit = await this.sandbox.run(this.tools.ffmpeg, args, options)
      if (exit.how === 'aborted') throw room.signal.reason
      // Some of its writers go on after a write that failed, and end well.
      if (full) throw await diskFull(this.dir, exit.stderr)
      if (exit.how !== 'done') throw failure(exit)
    } finally {
      room.close()
    }
  }
}
