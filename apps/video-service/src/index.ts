import { videoRoutes } from '@balcao/contracts'
import type { Platform, Running, Service } from '@balcao/platform'
import videos from '../migrations/0001_videos.sql'
import { subscribeObjectCreated } from './interfaces/events/object-created.ts'
import { startProcessJobs } from './interfaces/jobs/start-process-jobs.ts'
import { startSweepers } from './interfaces/sweepers/sweepers.ts'
import { sweepUseCases, uploadUseCases } from './use-cases.ts'
import { videoServiceModule } from './video-service.module.ts'

/** Upload, processing and playback of people's own videos (D1, D3): three deployables of one service. */
export const videoService: Service = {
  name: 'video',
  migrations: { '0001_videos': videos },
  connections: 8,
  api: { module: videoServiceModule, routes: videoRoutes },
  work,
}

async function work(platform: Platform): Promise<Running> {
  await subscribeObjectCreated(platform, uploadUseCases(platform).accept)
  await startSweepers(platform, sweepUseCases(platform))
  return platform.config.parts.has('video-processor') ? startProcessJobs(platform) : { close: async () => undefined }
}
