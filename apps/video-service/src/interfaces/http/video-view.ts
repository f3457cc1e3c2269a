import type { Upload, Video as VideoBody } from '@balcao/contracts'
import type { Clock } from '@balcao/kernel'
import type { ObjectStore } from '@balcao/platform'
import { openUpload } from '../../application/open-upload.ts'
import type { Video } from '../../domain/video.ts'

const HOUR = 3600

/** A video as its owner sees it over HTTP. */
export class VideoView {
  constructor(
    private readonly objects: Pick<ObjectStore, 'signGet'>,
    private readonly clock: Clock,
    private readonly mediaBucket: string,
  ) {}

  video(video: Video): VideoBody {
    return {
      id: video.id,
      title: video.title,
      state: video.state,
      percent: video.percent,
      etaSeconds: video.etaSeconds ?? null,
      playable: video.playAttempt !== undefined,
      downloadable: video.state === 'ready' && video.mp4 !== undefined,
      size: video.size ?? null,
      durationSeconds: video.durationSeconds ?? null,
      width: video.width ?? null,
      height: video.height ?? null,
      posterUrl: this.posterUrl(video),
      problem: video.problem ?? null,
      createdAt: video.createdAt.toISOString(),
      deletedAt: video.deletedAt?.toISOString() ?? null,
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
