import type { Capability } from '../../domain/capability.ts'
import { SUBTITLES } from '../../domain/media-tags.ts'
import { masterPlaylist, mediaPlaylist, subtitlesPlaylist } from '../../domain/playlist.ts'
import { refusals } from '../../domain/refusals.ts'
import type { Needs } from '../needs.ts'
import type { PublishedRendition } from '../ports/published.ts'
import { storedRendition } from './stored-rendition.ts'

/** Writes the playlists that a capability opens, with a signed URL for each segment. */
export class ReadPlaylist {
  constructor(private readonly need: Pick<Needs, 'published' | 'tracks' | 'packed' | 'capabilities' | 'media'>) {}

  /** @param announced with the pictures that are still to come: a master playlist is read once, so a player that waits for
   *  them has to know of them  @throws AppError `playback/unknown`, `playback/expired`, `playback/superseded` */
  async master(text: string, announced = false): Promise<string> {
    const { published, tracks, capabilities } = this.need
    const { videoId, attempt } = await capabilities.open(text)
    const renditions = await published.renditions(videoId, attempt, announced)
    if (renditions.length === 0) throw refusals.playbackSuperseded()
    return masterPlaylist(renditions, await tracks.subtitles(videoId, attempt))
  }

  /** @throws AppError as `master` */
  async media(text: string, name: string): Promise<string> {
    const { capabilities } = this.need
    const capability = await capabilities.open(text)
    if (name.startsWith(SUBTITLES)) return this.#subtitles(capability, name)
    const known = /^\w+$/.test(name)
    const rendition = known && (await this.#rendition(capability, name))
    if (!rendition || (rendition.complete && rendition.segments.length === 0)) throw refusals.playbackSuperseded()
    const sign = this.#signer(capability)
    return mediaPlaylist({
      init: { url: sign(rendition.init.key), range: rendition.init.range },
      segments: rendition.segments.map(({ key, range, durationSeconds }) => ({
        durationSeconds,
        url: sign(key),
        range,
      })),
      live: capability.live,
      complete: rendition.complete,
    })
  }

  /** What was told of while it was made stays told of for whoever watches it since then. */
  #rendition({ videoId, attempt, live }: Capability, name: string): Promise<PublishedRendition | undefined> {
    if (live) return this.need.published.rendition(videoId, attempt, name)
    return storedRendition(this.need, videoId, attempt, name)
  }

  async #subtitles(capability: Capability, name: string): Promise<string> {
    const { published, tracks } = this.need
    const { videoId, attempt } = capability
    const watchable = (await published.renditions(videoId, attempt, false)).length > 0
    const subtitles = watchable && (await tracks.subtitles(videoId, attempt)).find((one) => one.name === name)
    if (!subtitles) throw refusals.playbackSuperseded()
    return subtitlesPlaylist({ ...subtitles, url: this.#signer(capability)(subtitles.key) })
  }

  #signer({ issuedAt, expiresAt }: Capability): (key: string) => string {
    const expiresIn = (expiresAt.getTime() - issuedAt.getTime()) / 1000
    const urls = new Map<string, string>()
    return (key) => {
      const url = urls.get(key) ?? this.need.media.signGet(key, { expiresIn, at: issuedAt })
      urls.set(key, url)
      return url
    }
  }
}
