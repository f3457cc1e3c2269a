import type { Video } from '../../domain/video.ts'
import type { Needs } from '../needs.ts'

/** Seconds. */
const HOUR = 3600

/** Where a video's poster can be seen. */
export class PosterUrls {
  constructor(private readonly need: Pick<Needs, 'media' | 'clock'>) {}

  /** Signed at the start of the hour, so that a list read again names the same picture and a browser keeps it. */
  of(video: Pick<Video, 'posterKey' | 'deletedAt'>): string | null {
    if (!video.posterKey) return null
    const hour = Math.floor(this.need.clock.now().getTime() / (HOUR * 1000)) * HOUR * 1000
    return this.need.media.signGet(video.posterKey, {
      expiresIn: 7 * HOUR,
      at: new Date(hour),
      // Its owner looks for it in the trash.
      withheld: video.deletedAt !== undefined,
    })
  }
}
