import {
  type PartList,
  type SignedParts,
  SignPartsBody,
  StartUploadBody,
  type Upload,
  type UploadUrlAnswer,
  UploadUrlBody,
  type Video,
  videoRoutes,
} from '@balcao/contracts'
import type { Identity } from '@balcao/platform'
import { BearerGuard, Caller, USE_CASES } from '@balcao/platform/http'
import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Query, UseGuards } from '@nestjs/common'
import type { z } from 'zod'
import { AbortUpload } from '../../application/abort-upload.ts'
import { CompleteUpload } from '../../application/complete-upload.ts'
import { ListParts } from '../../application/list-parts.ts'
import { RequestUpload, UPLOAD_URL_SECONDS } from '../../application/request-upload.ts'
import { SignParts } from '../../application/sign-parts.ts'
import { StartUpload } from '../../application/start-upload.ts'
import type { VideoUseCases } from '../../open.ts'
import { VideoView } from './video-view.ts'

const PartsQuery = videoRoutes.parts.query

@Controller()
@UseGuards(BearerGuard)
export class UploadController {
  constructor(
    @Inject(RequestUpload) private readonly requestUpload: RequestUpload,
    @Inject(StartUpload) private readonly startUpload: StartUpload,
    @Inject(ListParts) private readonly listParts: ListParts,
    @Inject(SignParts) private readonly signParts: SignParts,
    @Inject(CompleteUpload) private readonly completeUpload: CompleteUpload,
    @Inject(AbortUpload) private readonly abortUpload: AbortUpload,
    @Inject(USE_CASES) private readonly video: Pick<VideoUseCases, 'videos'>,
    @Inject(VideoView) private readonly view: VideoView,
  ) {}

  @Post('videos/upload-url')
  @HttpCode(200)
  async uploadUrl(
    @Caller() { userId: owner }: Identity,
    @Body({ schema: UploadUrlBody }) body: UploadUrlBody,
  ): Promise<UploadUrlAnswer> {
    return { ...(await this.requestUpload.run({ owner, ...body })), expiresIn: UPLOAD_URL_SECONDS }
  }

  @Post('videos/uploads')
  async start(
    @Caller() { userId: owner }: Identity,
    @Body({ schema: StartUploadBody }) body: StartUploadBody,
  ): Promise<Upload> {
    return this.view.upload(await this.startUpload.run({ owner, ...body }))
  }

  @Get('videos/uploads')
  @Header('cache-control', 'no-store')
  async uploads(@Caller() { userId: owner }: Identity): Promise<{ items: Upload[] }> {
    const uploads = await this.video.videos.uploads(owner)
    return { items: uploads.map((video) => this.view.upload(video)) }
  }

  @Get('videos/uploads/:id/parts')
  @Header('cache-control', 'no-store')
  parts(
    @Caller() { userId: owner }: Identity,
    @Param('id') id: string,
    @Query({ schema: PartsQuery }) { cursor }: z.infer<typeof PartsQuery>,
  ): Promise<PartList> {
    return this.listParts.run({ owner, id, cursor })
  }

  @Post('videos/uploads/:id/parts')
  @HttpCode(200)
  async sign(
    @Caller() { userId: owner }: Identity,
    @Param('id') id: string,
    @Body({ schema: SignPartsBody }) { partNumbers }: SignPartsBody,
  ): Promise<SignedParts> {
    return { items: await this.signParts.run({ owner, id, partNumbers }), expiresIn: UPLOAD_URL_SECONDS }
  }

  @Post('videos/uploads/:id/complete')
  @HttpCode(202)
  async complete(@Caller() { userId: owner }: Identity, @Param('id') id: string): Promise<Video> {
    return this.view.video(await this.completeUpload.run({ owner, id }))
  }

  @Delete('videos/uploads/:id')
  @HttpCode(204)
  abort(@Caller() { userId: owner }: Identity, @Param('id') id: string): Promise<void> {
    return this.abortUpload.run({ owner, id })
  }
}
