import { type Frames as FramesBody, type FramesDownload, type FramesList, framesRoutes } from '@balcao/contracts'
import { Answers, type Asked, USE_CASES } from '@balcao/platform/http'
import { Controller, Inject } from '@nestjs/common'
import type { Frames } from '../../domain/frames.ts'
import type { VideoUseCases } from '../../open.ts'

@Controller()
export class FramesController {
  constructor(@Inject(USE_CASES) private readonly video: VideoUseCases) {}

  @Answers(framesRoutes.requestFrames)
  async request({ caller, params, body }: Asked<typeof framesRoutes.requestFrames>): Promise<FramesBody> {
    return framesBody(await this.video.requestFrames.run({ owner: caller.userId, ...params, spacing: body }))
  }

  @Answers(framesRoutes.listFrames)
  async list({ caller, params }: Asked<typeof framesRoutes.listFrames>): Promise<FramesList> {
    return { items: (await this.video.listFrames.run({ owner: caller.userId, ...params })).map(framesBody) }
  }

  @Answers(framesRoutes.downloadFrames)
  download({ caller, params }: Asked<typeof framesRoutes.downloadFrames>): Promise<FramesDownload> {
    return this.video.getFramesDownload.run({ owner: caller.userId, ...params })
  }

  @Answers(framesRoutes.retryFrames)
  async retry({ caller, params }: Asked<typeof framesRoutes.retryFrames>): Promise<FramesBody> {
    return framesBody(await this.video.retryFrames.run({ owner: caller.userId, ...params }))
  }

  @Answers(framesRoutes.removeFrames)
  remove({ caller, params }: Asked<typeof framesRoutes.removeFrames>): Promise<void> {
    return this.video.removeFrames.run({ owner: caller.userId, ...params })
  }
}

function framesBody({ owner, zip, ...frames }: Frames): FramesBody {
  return {
    ...frames,
    etaSeconds: frames.etaSeconds ?? null,
    everySeconds: frames.everySeconds ?? null,
    count: frames.count ?? null,
    problem: frames.problem ?? null,
    images: zip?.images ?? null,
    size: zip?.size ?? null,
    sha256: zip?.sha256 ?? null,
    createdAt: frames.createdAt.toISOString(),
    expiresAt: zip?.expiresAt.toISOString() ?? null,
  }
}
