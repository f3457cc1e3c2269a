import { AppError } from '@balcao/kernel'
import type { ObjectStore } from '@balcao/platform'
import type { Capability } from '../domain/capability.ts'
import { masterPlaylist, mediaPlaylist, type PlaylistRendition } from '../domain/playlist.ts'
import type { PlaybackCapabilities } from './playback-capabilities.ts'

/** What was published of a video. Everything is of one attempt, and nothing of a video in the trash. */
export interface Published {
  /** Renditions that have a segment. */
  renditions(videoId: string, attempt: number): Promise<readonly PlaylistRendition[]>
  /** One rendition with its segments in order; undefined when that attempt is no longer the one to watch. */
  rendition(videoId: string, attempt: number, name: string): Promise<PublishedRendition | undefined>
}

export interface PublishedRendition {
  readonly initKey: string
  readonly complete: boolean
  readonly segments: readonly { readonly key: string; readonly durationSeconds: number }[]
}

/** Writes the playlists that a capability opens, with a signed URL for each segment. */
export class ReadPlaylist {
  constructor(
    private readonly published: Published,
    private readonly capabilities: PlaybackCapabilities,
    private readonly objects: Pick<ObjectStore, 'signGet'>,
    private readonly bucket: string,
  ) {}

  /** @throws AppError `playback/unknown`, `playback/expired`, `playback/superseded` */
  async master(text: string): Promise<string> {
    const capability = await this.capabilities.open(text)
    const renditions = await this.published.renditions(capability.videoId, capability.attempt)
    if (renditions.length === 0) throw superseded()
    return masterPlaylist(renditions)
  }

  /** @throws AppError as `master` */
  async media(text: string, name: string): Promise<string> {
    const capability = await this.capabilities.open(text)
    const known = /^\w+$/.test(name)
    const rendition = known && (await this.published.rendition(capability.videoId, capability.attempt, name))
    if (!rendition) throw superseded()
    const sign = this.signer(capability)
    return mediaPlaylist({
      initUrl: sign(rendition.initKey),
      segments: rendition.segments.map(({ key, durationSeconds }) => ({ durationSeconds, url: sign(key) })),
      live: capability.live,
      complete: rendition.complete,
    })
  }

  private signer({ issuedAt, expiresAt }: Capability): (key: string) => string {
    const expiresIn = (expiresAt.getTime() - issuedAt.getTime()) / 1000
    return (key) => this.objects.signGet(this.bucket, key, { expiresIn, at: issuedAt })
  }
}

function superseded(): AppError {
  return new AppError('not_found', 'playback/superseded', 'Este vídeo mudou ou foi apagado: abra-o de novo.')
}
