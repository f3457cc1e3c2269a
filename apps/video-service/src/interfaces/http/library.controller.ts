import { type Download, type Video, type VideoList, videoRoutes } from '@balcao/contracts'
import { Answers, type Asked, USE_CASES } from '@balcao/platform/http'
import { Controller, Inject } from '@nestjs/common'
import type { VideoUseCases } from '../../open.ts'
import { videoBody } from './video-body.ts'

@Controller()
export class LibraryController {
  constructor(@Inject(USE_CASES) private readonly video: VideoUseCases) {}

  /** The text a load balancer looks for. */
  @Answers(videoRoutes.downloadHealth)
  health(): string {
    return 'download ok'
  }

  @Answers(videoRoutes.list)
  async list({ caller, query: { trash, ...query } }: Asked<typeof videoRoutes.list>): Promise<VideoList> {
    const { videos, posterUrls } = this.video
    const { items, nextCursor } = await videos.list(caller.userId, { ...query, trash: trash === 'true' })
    return { items: items.map((video) => videoBody(video, posterUrls)), nextCursor: nextCursor ?? null }
  }

  @Answers(videoRoutes.get)
  async get({ caller, params }: Asked<typeof videoRoutes.get>): Promise<Video> {
    return videoBody(await this.video.videos.get(caller.userId, params.id), this.video.posterUrls)
  }

  @Answers(videoRoutes.download)
  download({ caller, params }: Asked<typeof videoRoutes.download>): Promise<Download> {
    return this.video.getDownload.run({ owner: caller.userId, ...params })
  }

  @Answers(videoRoutes.original)
  original({ caller, params }: Asked<typeof videoRoutes.original>): Promise<Download> {
    return this.video.getOriginal.run({ owner: caller.userId, ...params })
  }

  @Answers(videoRoutes.giveUpOriginal)
  async giveUpOriginal({ caller, params }: Asked<typeof videoRoutes.giveUpOriginal>): Promise<Video> {
    const video = await this.video.giveUpOriginal.run({ owner: caller.userId, ...params })
    return videoBody(video, this.video.posterUrls)
  }

  @Answers(videoRoutes.choosePoster)
  async choosePoster({ caller, params, body }: Asked<typeof videoRoutes.choosePoster>): Promise<Video> {
    const video = await this.video.choosePoster.run({ owner: caller.userId, ...params, ...body })
    return videoBody(video, this.video.posterUrls)
  }

  @Answers(videoRoutes.automaticPoster)
  async automaticPoster({ caller, params }: Asked<typeof videoRoutes.automaticPoster>): Promise<Video> {
    const video = await this.video.choosePoster.back({ owner: caller.userId, ...params })
    return videoBody(video, this.video.posterUrls)
  }

  @Answers(videoRoutes.delete)
  delete({ caller, params }: Asked<typeof videoRoutes.delete>): Promise<void> {
    return this.video.deleteVideo.run({ owner: caller.userId, ...params })
  }

  @Answers(videoRoutes.restore)
  async restore({ caller, params }: Asked<typeof videoRoutes.restore>): Promise<Video> {
    const video = await this.video.restoreVideo.run({ owner: caller.userId, ...params })
    return videoBody(video, this.video.posterUrls)
  }

  @Answers(videoRoutes.retry)
  async retry({ caller, params }: Asked<typeof videoRoutes.retry>): Promise<Video> {
    const video = await this.video.retryVideo.run({ owner: caller.userId, ...params })
    return videoBody(video, this.video.posterUrls)
  }
}
