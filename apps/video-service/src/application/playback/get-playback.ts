import { isDiskFull } from '@balcao/platform'
import { capabilitySeconds } from '../../domain/capability.ts'
import type { Chapter } from '../../domain/media/chapters.ts'
import { refusals } from '../../domain/refusals.ts'
import type { Video } from '../../domain/video.ts'
import type { Needs } from '../needs.ts'

export interface PlaybackGrant {
  readonly video: Video
  /** Stands in the playlist's URL. */
  readonly capability: string
  readonly live: boolean
  readonly chapters: readonly Chapter[]
  /** Whether there is a storyboard to seek by. */
  readonly storyboard: boolean
}

/** Gives the owner a capability to watch a video, as soon as its first segment exists. */
export class GetPlayback {
  constructor(
    private readonly need: Pick<
      Needs,
      'videos' | 'films' | 'tracks' | 'packed' | 'storyboards' | 'capabilities' | 'clock'
    >,
  ) {}

  /** @throws AppError `video/not_found`, `video/in_trash`, `playback/not_ready` */
  async run(input: { owner: string; id: string }): Promise<PlaybackGrant> {
    const { videos, films, tracks, packed, storyboards, capabilities, clock } = this.need
    const video = await videos.get(input.owner, input.id)
    if (video.deletedAt) throw refusals.inTrash()
    if (video.playAttempt === undefined) throw refusals.playbackNotReady()
    const issued = Math.floor(clock.now().getTime() / 1000)
    const live = video.state !== 'ready'
    const expiresAt = new Date((issued + capabilitySeconds(video.durationSeconds)) * 1000)
    const film = { videoId: video.id, number: video.playAttempt }
    // Nothing sweeps on a full disk what a note there would keep; what is there can be watched.
    await films.watch(film, expiresAt).catch(unlessFull)
    // It may have been packed since the video was read.
    if (live) await packed.watchLoose(film, expiresAt).catch(unlessFull)
    const capability = await capabilities.seal({
      videoId: video.id,
      attempt: video.playAttempt,
      issuedAt: new Date(issued * 1000),
      expiresAt,
      live,
    })
    return {
      ...{ video, capability, live, chapters: await tracks.chapters(video.id) },
      storyboard: (await storyboards.of(film)) !== undefined,
    }
  }
}

function unlessFull(error: unknown): void {
  if (!isDiskFull(error)) throw error
}
