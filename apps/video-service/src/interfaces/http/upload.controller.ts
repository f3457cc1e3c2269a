import {
  type PartList,
  type SignedParts,
  type Upload,
  type UploadUrlAnswer,
  type Video,
  videoRoutes,
} from '@balcao/contracts'
import { Answers, type Asked, USE_CASES } from '@balcao/platform/http'
import { Controller, Inject } from '@nestjs/common'
import type { VideoUseCases } from '../../open.ts'
import { uploadBody, videoBody } from './video-body.ts'

@Controller()
export class UploadController {
  constructor(@Inject(USE_CASES) private readonly video: VideoUseCases) {}

  /** The text a load balancer looks for. */
  @Answers(videoRoutes.uploadHealth)
  health(): string {
    return 'upload ok'
  }

  @Answers(videoRoutes.uploadUrl)
  uploadUrl({ caller, body }: Asked<typeof videoRoutes.uploadUrl>): Promise<UploadUrlAnswer> {
    return this.video.requestUpload.run({ owner: caller.userId, ...body })
  }

  @Answers(videoRoutes.startUpload)
  async start({ caller, body }: Asked<typeof videoRoutes.startUpload>): Promise<Upload> {
    return uploadBody(await this.video.startUpload.run({ owner: caller.userId, ...body }))
  }

  @Answers(videoRoutes.uploads)
  async uploads({ caller }: Asked<typeof videoRoutes.uploads>): Promise<{ items: Upload[] }> {
    return { items: (await this.video.videos.uploads(caller.userId)).map(uploadBody) }
  }

  @Answers(videoRoutes.parts)
  parts({ caller, params, query }: Asked<typeof videoRoutes.parts>): Promise<PartList> {
    return this.video.listParts.run({ owner: caller.userId, ...params, ...query })
  }

  @Answers(videoRoutes.signParts)
  sign({ caller, params, body }: Asked<typeof videoRoutes.signParts>): Promise<SignedParts> {
    return this.video.signParts.run({ owner: caller.userId, ...params, ...body })
  }

  @Answers(videoRoutes.completeUpload)
  async complete({ caller, params }: Asked<typeof videoRoutes.completeUpload>): Promise<Video> {
    const video = await this.video.completeUpload.run({ owner: caller.userId, ...params })
    return videoBody(video, this.video.posterUrls)
  }

  @Answers(videoRoutes.abortUpload)
  abort({ caller, params }: Asked<typeof videoRoutes.abortUpload>): Promise<void> {
    return this.video.cancelUpload.run({ owner: caller.userId, ...params })
  }
}
