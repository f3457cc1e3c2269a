import { join } from 'node:path'
import type { Platform, Running } from '@balcao/platform'
import { ProcessVideo } from '../../application/process-video.ts'
import { TidyVideo } from '../../application/tidy-video.ts'
import { FfmpegTranscoder } from '../../infrastructure/ffmpeg/ffmpeg-transcoder.ts'
import { jobLog } from '../../use-cases.ts'
import { ProcessJobs } from './process-jobs.ts'

/** Starts the part that makes films. `problem` tells why it makes none. */
export async function startProcessJobs(platform: Platform): Promise<Running> {
  const { config, jobs, log, objects } = platform
  const { mediaBucket } = config.store
  const transcoder = new FfmpegTranscoder({ configured: config.ffmpeg, workDir: join(config.dataDir, 'work') })
  const truth = jobLog(platform)
  const process = new ProcessVideo(truth, objects, transcoder, log, mediaBucket)
  const tidy = new TidyVideo(truth, objects, mediaBucket)
  const running = new ProcessJobs({ jobs, log, transcoder, process, tidy })
  await running.start()
  return { close: async () => running.close(), problem: () => running.problem() }
}
