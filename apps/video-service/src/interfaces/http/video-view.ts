import { type Upload, Video as VideoBody } from '@balcao/contracts'
import type { Clock } from '@balcao/kernel'
import type { ObjectStore } from '@balcao/platform'
import { openUpload } from '../../application/open-upload.ts'
import { isRetryable, type Video } from '../../domain/video.ts'

const HOUR = 3600

type Told<Value> = Value extends undefined ? null : Value extends Date ? string : Value
type Shared = { [Field in keyof Video & keyof VideoBody]: Told<Video[Field]> }

/** The fields that the contract and the domain call the same, as JSON tells them: null where unknown, times in ISO 8601.
 *  The contract is the list of them, and the compiler compares the two. */
function shared(video: Video): Shared {
  const fields = Object.keys(VideoBody.shape) as (keyof Shared)[]
  return Object.fromEntries(fields.map((field) => [field, told(video[field])])) as Shared
}

const told = (value: unknown) => (value instanceof Date ? value.toISOString() : (value ?? null))

/** A video as its owner sees it over HTTP. */
export class VideoView {
  constructor(
    private readonly objects: Pick<ObjectStore, 'signGet'>,
    private readonly clock: Clock,
    private readonly mediaBucket: string,
  ) {}

  video(video: Video): VideoBody {
    return {
      ...shared(video),
      playable: video.playAttempt !== undefined,
      downloadable: video.state === 'ready' && video.mp4 !== undefined,
      retryable: isRetryable(video),
      posterUrl: this.posterUrl(video),
    }
  }

  upload(video: Video): Upload {
    const { size, partSize, partCount } = openUpload(video)
    return {
      videoId: video.id,
      fileName: video.title,
      size,
      partSize,
      partCount,
      fingerprint: video.fingerprint ?? null,
      createdAt: video.createdAt.toISOString(),
    }
  }

  /** Signed at the start of the hour, so that a list read again names the same picture and a browser keeps it. */
  posterUrl(video: Video): string | null {
    if (!video.posterKey) return null
    const hour = Math.floor(this.clock.now().getTime() / (HOUR * 1000)) * HOUR * 1000
    return this.objects.signGet(this.mediaBucket, video.posterKey, { expiresIn: 7 * HOUR, at: new Date(hour) })
  }
}
