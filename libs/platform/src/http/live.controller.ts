import { liveRoutes } from '@balcao/contracts'
import { Controller, Inject } from '@nestjs/common'
import { Answers, type Asked } from './answers.ts'
import { LiveHub } from './live-hub.ts'

@Controller()
export class LiveController {
  constructor(@Inject(LiveHub) private readonly hub: LiveHub) {}

  @Answers(liveRoutes.events)
  events({ caller, reply }: Asked<typeof liveRoutes.events>): Promise<void> {
    return this.hub.open(caller, reply)
  }
}
