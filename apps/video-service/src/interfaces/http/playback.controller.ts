import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type Playback, videoRoutes } from '@balcao/contracts'
import { Answers, type Asked, USE_CASES } from '@balcao/platform/http'
import { Controller, Inject } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { VideoUseCases } from '../../open.ts'

const zip = promisify(gzip)

@Controller()
export class PlaybackController {
  constructor(@Inject(USE_CASES) private readonly video: VideoUseCases) {}

  /** The URL is a path: whoever asked knows our origin, and a player resolves it against it. */
  @Answers(videoRoutes.playback)
  async playback({ caller, params }: Asked<typeof videoRoutes.playback>): Promise<Playback> {
    const { video, capability, live, chapters, storyboard } = await this.video.getPlayback.run({
      owner: caller.userId,
      ...params,
    })
    const below = `/videos/play/${capability}`
    return {
      url: `${below}/master.m3u8`,
      live,
      posterUrl: this.video.posterUrls.of(video),
      chapters: chapters.map(({ startSeconds, title }) => ({ startSeconds, title: title ?? null })),
      storyboardUrl: storyboard ? `${below}/storyboard.vtt` : null,
    }
  }

  @Answers(videoRoutes.masterPlaylist)
  async master({ params, query, request, reply }: Asked<typeof videoRoutes.masterPlaylist>): Promise<string | Buffer> {
    const announced = query.announced === 'true'
    return compressed(await this.video.readPlaylist.master(params.capability, announced), request, reply)
  }

  @Answers(videoRoutes.mediaPlaylist)
  async media({ params, request, reply }: Asked<typeof videoRoutes.mediaPlaylist>): Promise<string | Buffer> {
    return compressed(await this.video.readPlaylist.media(params.capability, params.rendition), request, reply)
  }

  @Answers(videoRoutes.storyboard)
  async storyboard({ params, request, reply }: Asked<typeof videoRoutes.storyboard>): Promise<string | Buffer> {
    return compressed(await this.video.readStoryboard.track(params.capability), request, reply)
  }
}

/** Thousands of signed URLs are alike: gzip takes nine tenths of them away. Never cached: a video may be deleted. */
async function compressed(playlist: string, request: FastifyRequest, reply: FastifyReply): Promise<string | Buffer> {
  reply.header('cache-control', 'no-store').header('vary', 'accept-encoding')
  const takesGzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(request.headers['accept-encoding'] ?? '')
  if (!takesGzip) return playlist
  reply.header('content-encoding', 'gzip')
  return zip(playlist)
}
