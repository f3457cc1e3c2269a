import { type Part, PLATFORM, type Platform } from '@balcao/platform'
import { type DynamicModule, Module, type Type } from '@nestjs/common'
import { PROCESS_QUEUE } from './domain/job.ts'
import { PgVideos } from './infrastructure/pg-videos.ts'
import { DownloadHealthController, UploadHealthController } from './interfaces/http/health.controllers.ts'
import { LibraryController } from './interfaces/http/library.controller.ts'
import { PlaybackController } from './interfaces/http/playback.controller.ts'
import { UploadController } from './interfaces/http/upload.controller.ts'
import { VideoStreams } from './interfaces/http/video-streams.ts'
import { VideoView } from './interfaces/http/video-view.ts'
import { VIDEOS } from './interfaces/tokens.ts'
import { libraryUseCases, uploadUseCases } from './use-cases.ts'

@Module({})
class VideoServiceModule {}

/** The wiring of the video-service's API: the controllers of the parts that run here (D3-37). */
export function videoServiceModule(platform: Platform, parts: ReadonlySet<Part>): DynamicModule {
  const videos = new PgVideos(platform.sql)
  const view = new VideoView(platform.objects, platform.clock, platform.config.store.mediaBucket)
  const controllers: Type[] = []
  const provided: object[] = [view]
  if (parts.has('video-upload')) {
    controllers.push(UploadHealthController, UploadController)
    provided.push(...Object.values(uploadUseCases(platform)))
    measureQueue(platform)
  }
  if (parts.has('video-download')) {
    controllers.push(DownloadHealthController, LibraryController, PlaybackController)
    provided.push(...Object.values(libraryUseCases(platform)))
    provided.push(new VideoStreams(videos, platform.sql, platform.clock, view))
  }
  return {
    module: VideoServiceModule,
    controllers,
    providers: [
      { provide: PLATFORM, useValue: platform },
      { provide: VIDEOS, useValue: videos },
      ...provided.map((value) => ({ provide: value.constructor, useValue: value })),
    ],
  }
}

/** How deep the queue is, told by the API: a worker opens no port (D1-37, D3-28). */
function measureQueue({ jobs, metrics }: Platform): void {
  const counts = () => jobs.counts(PROCESS_QUEUE)
  metrics.gauge('video_jobs_waiting', 'Job messages waiting for a worker', async () => (await counts()).waiting)
  metrics.gauge('video_jobs_dead', 'Job messages given up', async () => (await counts()).dead)
}
