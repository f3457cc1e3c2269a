import { videoRoutes } from '@balcao/contracts'
import type { Platform, Running, Service } from '@balcao/platform'
import videos from '../migrations/0001_videos.sql'
import { PROCESS_QUEUE } from './domain/job.ts'
import { subscribeObjectCreated } from './interfaces/events/object-created.ts'
import { startProcessJobs } from './interfaces/jobs/start-process-jobs.ts'
import { startSweepers } from './interfaces/sweepers/sweepers.ts'
import { sweepUseCases, uploadUseCases } from './use-cases.ts'
import { videoServiceModule } from './video-service.module.ts'

/** Upload, processing and playback of people's own videos (D1, D3): three deployables of one service. */
export const videoService: Service = {
  name: 'video',
  parts: ['video-upload', 'video-download', 'video-processor'],
  migrations: { '0001_videos': videos },
  connections: 8,
  api: { module: videoServiceModule, routes: videoRoutes },
  work,
}

async function work(platform: Platform): Promise<Running> {
  const { metrics, jobs } = platform
  metrics.gauge(
    'video_jobs_waiting',
    'Jobs waiting for a worker',
    async () => (await jobs.counts(PROCESS_QUEUE)).waiting,
  )
  metrics.gauge('video_jobs_dead', 'Job messages given up', async () => (await jobs.counts(PROCESS_QUEUE)).dead)
  await subscribeObjectCreated(platform, uploadUseCases(platform).accept)
  await startSweepers(platform, sweepUseCases(platform))
  return platform.config.parts.has('video-processor') ? startProcessJobs(platform) : { close: async () => undefined }
}
