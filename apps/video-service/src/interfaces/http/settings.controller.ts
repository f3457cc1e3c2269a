import { type VideoSettings, videoSettingsRoutes } from '@balcao/contracts'
import { Answers, type Asked, USE_CASES } from '@balcao/platform/http'
import { Controller, Inject } from '@nestjs/common'
import type { VideoUseCases } from '../../open.ts'

@Controller()
export class SettingsController {
  constructor(@Inject(USE_CASES) private readonly video: VideoUseCases) {}

  @Answers(videoSettingsRoutes.settings)
  settings({ caller }: Asked<typeof videoSettingsRoutes.settings>): Promise<VideoSettings> {
    return this.video.settings.get(caller.userId)
  }

  @Answers(videoSettingsRoutes.changeSettings)
  change({ caller, body }: Asked<typeof videoSettingsRoutes.changeSettings>): Promise<VideoSettings> {
    return this.video.changeSettings.run({ owner: caller.userId, ...body })
  }
}
