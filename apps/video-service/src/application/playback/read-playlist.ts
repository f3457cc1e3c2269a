import type { Capability } from '../../domain/capability.ts'
import { masterPlaylist, mediaPlaylist } from '../../domain/playlist.ts'
import { refusals } from '../../domain/refusals.ts'
import type { Needs } from '../needs.ts'

/** Writes the playlists that a capability opens, with a signed URL for each segment. */
export class ReadPlaylist {
  constructor(private readonly need: Pick<Needs, 'published' | 'capabilities' | 'media'>) {}

  /** @param announced with the pictures that are still to come: a master playlist is read once, so a player that waits for
   *  them has to know of them  @throws AppError `playback/unknown`, `playback/expired`, `playback/superseded` */
  async master(text: string, announced = false): Promise<string> {
    const { published, capabilities } = this.need
    const { videoId, attempt } = await capabilities.open(text)
    const renditions = await published.renditions(videoId, attempt, announced)
    if (renditions.length === 0) throw refusals.playbackSuperseded()
    return masterPlaylist(renditions)
  }

  /** @throws AppError as `master` */
  async media(text: string, name: string): Promise<string> {
    const { published, capabilities } = this.need
    const capability = await capabilities.open(text)
    const known = /^\w+$/.test(name)
    const rendition = known && (await published.rendition(capability.videoId, capability.attempt, name))
    if (!rendition) throw refusals.playbackSuperseded()
    const sign = this.#signer(capability)
    return mediaPlaylist({
      initUrl: sign(rendition.initKey),
      segments: rendition.segments.map(({ key, durationSeconds }) => ({ durationSeconds, url: sign(key) })),
      live: capability.live,
      complete: rendition.complete,
    })
  }

  #signer({ issuedAt, expiresAt }: Capability): (key: string) => string {
    const expiresIn = (expiresAt.getTime() - issuedAt.getTime()) / 1000
    return (key) => this.need.media.signGet(key, { expiresIn, at: issuedAt })
  }
}
