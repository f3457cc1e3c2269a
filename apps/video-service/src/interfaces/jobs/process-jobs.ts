import type { JobQueue, Platform } from '@balcao/platform'
import type { ProcessVideo } from '../../application/process-video.ts'
import { PROCESS_QUEUE } from '../../domain/job.ts'
import type { FfmpegTranscoder } from '../../infrastructure/ffmpeg/ffmpeg-transcoder.ts'

/** One film at a time: ffmpeg uses every core. */
const FILMS = 1
const LOOK_AGAIN_MS = 30_000

interface Parts {
  readonly jobs: JobQueue
  readonly log: Pick<Platform['log'], 'info' | 'warn' | 'error'>
  readonly transcoder: FfmpegTranscoder
  readonly process: ProcessVideo
}

/** Takes the films that wait in the queue. Without ffmpeg it takes none, says why, and looks again every half a minute: what waits
 *  is done as soon as somebody installs it. */
export class ProcessJobs {
  #timer: NodeJS.Timeout | undefined
  #problem: string | undefined

  constructor(private readonly parts: Parts) {}

  /** Why this worker makes no films, for the health of the house. */
  problem(): string | undefined {
    return this.#problem
  }

  async start(): Promise<void> {
    await this.parts.transcoder.clean()
    await this.#take()
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  async #take(): Promise<void> {
    const { jobs, log, process, transcoder } = this.parts
    try {
      const { ffmpeg, version, outdated } = await transcoder.tools()
      if (outdated) log.warn({ ffmpeg, version }, 'This ffmpeg is old: install 5.1 or later, or set BALCAO_FFMPEG')
      else log.info({ ffmpeg, version }, 'Films are made by this ffmpeg')
      this.#problem = undefined
    } catch (error) {
      if (!this.#problem) log.error({ err: error }, (error as Error).message)
      this.#problem = (error as Error).message
      this.#timer = setTimeout(() => this.#take(), LOOK_AGAIN_MS)
      return
    }
    // The job's row decides about a retry; a message that fails (a database away) comes again.
    await jobs.work(PROCESS_QUEUE, { concurrency: FILMS, retries: 10, retryDelaySeconds: 10 }, ({ data, signal }) =>
      process.run(data.jobId!, signal),
    )
  }
}
