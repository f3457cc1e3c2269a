import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Playback } from '@balcao/contracts'
import type { Identity } from '@balcao/platform'
import { BearerGuard, Caller } from '@balcao/platform/http'
import { Controller, Get, Header, Inject, Param, Req, Res, UseGuards } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { GetPlayback } from '../../application/get-playback.ts'
import { ReadPlaylist } from '../../application/read-playlist.ts'
import { VideoView } from './video-view.ts'

const compress = promisify(gzip)

@Controller('videos')
export class PlaybackController {
  constructor(
    @Inject(GetPlayback) private readonly getPlayback: GetPlayback,
    @Inject(ReadPlaylist) private readonly readPlaylist: ReadPlaylist,
    @Inject(VideoView) private readonly view: VideoView,
  ) {}

  /** The URL is a path: whoever asked knows our origin, and a player resolves it against it. */
  @Get(':id/playback')
  @UseGuards(BearerGuard)
  @Header('cache-control', 'no-store')
  async playback(@Caller() { userId: owner }: Identity, @Param('id') id: string): Promise<Playback> {
    const { video, capability, live } = await this.getPlayback.run({ owner, id })
    return { url: `/videos/play/${capability}/master.m3u8`, live, posterUrl: this.view.posterUrl(video) }
  }

  @Get('play/:capability/master.m3u8')
  async master(
    @Param('capability') capability: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await send(await this.readPlaylist.master(capability), request, reply)
  }

  @Get('play/:capability/:rendition.m3u8')
  async media(
    @Param('capability') capability: string,
    @Param('rendition') rendition: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await send(await this.readPlaylist.media(capability, rendition), request, reply)
  }
}

/** Thousands of signed URLs are alike: gzip takes nine tenths of them away. Never cached: a video may be deleted. */
async function send(playlist: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header('content-type', 'application/vnd.apple.mpegurl').header('cache-control', 'no-store')
  reply.header('vary', 'accept-encoding')
  const zipped = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(request.headers['accept-encoding'] ?? '')
  if (zipped) reply.header('content-encoding', 'gzip')
  await reply.send(zipped ? await compress(playlist) : playlist)
}
