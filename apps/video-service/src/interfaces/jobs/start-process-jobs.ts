import { join } from 'node:path'
import type { Platform, Running } from '@balcao/platform'
import { ProcessVideo } from '../../application/process-video.ts'
import { TidyVideo } from '../../application/tidy-video.ts'
import { TIDY_QUEUE } from '../../domain/job.ts'
import { FfmpegTranscoder } from '../../infrastructure/ffmpeg/ffmpeg-transcoder.ts'
import { jobLog } from '../../use-cases.ts'
import { ProcessJobs } from './process-jobs.ts'

/** Starts what takes each type of job from its queue. `problem` tells why no films are made. */
export async function startProcessJobs(platform: Platform): Promise<Running> {
  const { config, jobs, log, objects } = platform
  const { mediaBucket } = config.store
  const transcoder = new FfmpegTranscoder({ configured: config.ffmpeg, workDir: join(config.dataDir, 'work') })
  const truth = jobLog(platform)
  const process = new ProcessVideo(truth, objects, transcoder, log, mediaBucket)
  const tidy = new TidyVideo(truth, objects, mediaBucket)
  await jobs.work(TIDY_QUEUE, { concurrency: 2, retries: 10, retryDelaySeconds: 30 }, ({ data }) =>
    tidy.run(data.jobId!),
  )
  const films = new ProcessJobs({ jobs, log, transcoder, process })
  await films.start()
  return { close: async () => films.close(), problem: () => films.problem() }
}
