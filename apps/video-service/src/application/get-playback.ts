import { AppError, type Clock } from '@balcao/kernel'
import { capabilitySeconds } from '../domain/capability.ts'
import type { Video } from '../domain/video.ts'
import type { PlaybackCapabilities } from './playback-capabilities.ts'
import type { Videos } from './videos.ts'

export interface PlaybackGrant {
  readonly video: Video
  /** Stands in the playlist's URL. */
  readonly capability: string
  readonly live: boolean
}

/** Gives the owner a capability to watch a video, as soon as its first segment exists. */
export class GetPlayback {
  constructor(
    private readonly videos: Videos,
    private readonly capabilities: PlaybackCapabilities,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `video/not_found`, `video/in_trash`, `playback/not_ready` */
  async run(input: { owner: string; id: string }): Promise<PlaybackGrant> {
    const video = await this.videos.get(input.owner, input.id)
    if (video.deletedAt) throw new AppError('conflict', 'video/in_trash', 'O vídeo está na lixeira: restaure-o antes.')
    if (video.playAttempt === undefined) {
      throw new AppError('conflict', 'playback/not_ready', 'O vídeo ainda não pode ser visto.')
    }
    const issued = Math.floor(this.clock.now().getTime() / 1000)
    const live = video.state !== 'ready'
    const capability = await this.capabilities.seal({
      videoId: video.id,
      attempt: video.playAttempt,
      issuedAt: new Date(issued * 1000),
      expiresAt: new Date((issued + capabilitySeconds(video.durationSeconds)) * 1000),
      live,
    })
    return { video, capability, live }
  }
}
