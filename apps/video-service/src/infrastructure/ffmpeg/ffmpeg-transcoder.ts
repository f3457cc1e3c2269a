import { access, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Platform } from '@balcao/platform'
import type { Transcoder, Workplace } from '../../application/ports/transcoder.ts'
import { assertSomeRoom } from './disk-full.ts'
import { FfmpegWorkplace } from './ffmpeg-workplace.ts'
import { Ffprobe } from './ffprobe.ts'
import { bring, makeJobDirectory, removeAbandoned } from './job-directory.ts'
import { Sandbox } from './sandbox.ts'
import { findToolchain, type Toolchain } from './toolchain.ts'

export interface FfmpegOptions {
  /** `BALCAO_FFMPEG`. */
  readonly configured: string | undefined
  /** Job directories lie here, on the store's disk where possible, so that an upload is linked instead of copied. */
  readonly workDir: string
  readonly log?: Pick<Platform['log'], 'info' | 'warn'>
  /** Milliseconds without progress after which ffmpeg is killed. */
  readonly quietMs?: number
}

/** ffmpeg and ffprobe as child processes in the sandbox. */
export class FfmpegTranscoder implements Transcoder {
  #sandbox: Sandbox | undefined
  #tools: Toolchain | undefined
  #looking: Promise<Toolchain> | undefined

  constructor(private readonly options: FfmpegOptions) {}

  /** Looks for the tools, once they were found only whether they still are there.
   *  @throws AppError `video/ffmpeg_missing` */
  async tools(): Promise<Toolchain> {
    const there =
      this.#tools &&
      (await Promise.all([access(this.#tools.ffmpeg), access(this.#tools.ffprobe)]).catch(() => undefined))
    if (!there) {
      this.#tools = undefined
      // Whoever asks meanwhile waits for the same answer.
      this.#looking ??= this.#look().finally(() => (this.#looking = undefined))
      this.#tools = await this.#looking
    }
    return this.#tools!
  }

  async #look(): Promise<Toolchain> {
    const { configured, workDir, log } = this.options
    const tools = await findToolchain({ configured, binDir: join(workDir, 'bin') })
    const { ffmpeg, version } = tools
    if (tools.outdated) log?.warn({ ffmpeg, version }, 'This ffmpeg is old: install 5.1 or later, or set BALCAO_FFMPEG')
    else log?.info({ ffmpeg, version }, 'Films are made by this ffmpeg')
    return tools
  }

  /** Why no film can be made at the moment, in a sentence for the operator. Before the first it clears what killed
   *  workers of this machine left behind. */
  async ready(): Promise<string | undefined> {
    try {
      await this.tools()
    } catch (error) {
      return (error as Error).message
    }
    await this.clean()
    return undefined
  }

  /** Removes what killed workers of this machine left behind. */
  clean(): Promise<void> {
    return removeAbandoned(this.options.workDir)
  }

  async open(): Promise<Workplace> {
    const tools = await this.tools()
    this.#sandbox ??= await Sandbox.open()
    const dir = await makeJobDirectory(this.options.workDir, this.#sandbox.otherUser)
    try {
      // A film begun now would take what the database on that disk needs.
      await assertSomeRoom(dir)
      const [ffmpeg, ffprobe] = await Promise.all(
        [tools.ffmpeg, tools.ffprobe].map((program) => bring(program, dir, this.#sandbox!.otherUser)),
      )
      const own = { ...tools, ffmpeg: ffmpeg!, vmaf: tools.vmaf === tools.ffmpeg ? ffmpeg : tools.vmaf }
      const probe = new Ffprobe(this.#sandbox, ffprobe!)
      return new FfmpegWorkplace(dir, this.#sandbox, own, probe, this.options.quietMs ?? 60_000)
    } catch (error) {
      // A full disk, for one: what lies there half copied would only keep it full.
      await rm(dir, { recursive: true, force: true })
      throw error
    }
  }
}
