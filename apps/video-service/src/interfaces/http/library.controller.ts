import { type Download, ListVideosQuery, type Video, type VideoList } from '@balcao/contracts'
import type { Identity } from '@balcao/platform'
import { BearerGuard, Caller, USE_CASES } from '@balcao/platform/http'
import { Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Query, Res, UseGuards } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { DeleteVideo, RestoreVideo } from '../../application/delete-video.ts'
import { GetDownload } from '../../application/get-download.ts'
import { RetryVideo } from '../../application/retry-video.ts'
import type { VideoUseCases } from '../../open.ts'
import { VideoStreams } from './video-streams.ts'
import { VideoView } from './video-view.ts'

@Controller('videos')
@UseGuards(BearerGuard)
export class LibraryController {
  constructor(
    @Inject(USE_CASES) private readonly video: Pick<VideoUseCases, 'videos'>,
    @Inject(GetDownload) private readonly getDownload: GetDownload,
    @Inject(DeleteVideo) private readonly deleteVideo: DeleteVideo,
    @Inject(RestoreVideo) private readonly restoreVideo: RestoreVideo,
    @Inject(RetryVideo) private readonly retryVideo: RetryVideo,
    @Inject(VideoStreams) private readonly streams: VideoStreams,
    @Inject(VideoView) private readonly view: VideoView,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async list(
    @Caller() { userId }: Identity,
    @Query({ schema: ListVideosQuery }) { trash, ...query }: ListVideosQuery,
  ): Promise<VideoList> {
    const { items, nextCursor } = await this.video.videos.list(userId, { ...query, trash: trash === 'true' })
    return { items: items.map((video) => this.view.video(video)), nextCursor: nextCursor ?? null }
  }

  @Get('events')
  events(@Caller() caller: Identity, @Res() reply: FastifyReply): Promise<void> {
    return this.streams.open(caller, reply)
  }

  @Get(':id')
  @Header('cache-control', 'no-store')
  async get(@Caller() { userId }: Identity, @Param('id') id: string): Promise<Video> {
    return this.view.video(await this.video.videos.get(userId, id))
  }

  @Get(':id/download')
  @Header('cache-control', 'no-store')
  download(@Caller() { userId: owner }: Identity, @Param('id') id: string): Promise<Download> {
    return this.getDownload.run({ owner, id })
  }

  @Delete(':id')
  @HttpCode(204)
  delete(@Caller() { userId: owner }: Identity, @Param('id') id: string): Promise<void> {
    return this.deleteVideo.run({ owner, id })
  }

  @Post(':id/restore')
  @HttpCode(200)
  async restore(@Caller() { userId: owner }: Identity, @Param('id') id: string): Promise<Video> {
    return this.view.video(await this.restoreVideo.run({ owner, id }))
  }

  @Post(':id/retry')
  @HttpCode(202)
  async retry(@Caller() { userId: owner }: Identity, @Param('id') id: string): Promise<Video> {
    return this.view.video(await this.retryVideo.run({ owner, id }))
  }
}
