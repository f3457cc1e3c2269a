import { type Upload, Video as VideoBody } from '@balcao/contracts'
import { openUpload } from '../../application/upload/open-upload.ts'
import { isRetryable, type Video } from '../../domain/video.ts'

type Told<Value> = Value extends undefined ? null : Value extends Date ? string : Value
type Shared = { [Field in keyof Video & keyof VideoBody]: Told<Video[Field]> }

/** The fields that the contract and the domain call the same, as JSON tells them: null where unknown, times in ISO 8601.
 *  The contract is the list of them, and the compiler compares the two. */
function shared(video: Video): Shared {
  const fields = Object.keys(VideoBody.shape) as (keyof Shared)[]
  return Object.fromEntries(fields.map((field) => [field, told(video[field])])) as Shared
}

const told = (value: unknown) => (value instanceof Date ? value.toISOString() : (value ?? null))

/** A video as its owner sees it over HTTP. @param posterUrls where its poster can be seen */
export function videoBody(video: Video, posterUrls: { of(video: Video): string | null }): VideoBody {
  const kept = video.originalKey !== undefined && video.deletedAt === undefined
  return {
    ...shared(video),
    playable: video.playAttempt !== undefined,
    downloadable: video.state === 'ready' && video.mp4 !== undefined,
    originalKept: kept,
    originalRemovable: kept && video.originalKey !== video.mp4?.key,
    retryable: isRetryable(video),
    leftOut: counted(video.leftOut),
    posterUrl: posterUrls.of(video),
  }
}

function counted(leftOut: Video['leftOut']): VideoBody['leftOut'] {
  const whys = [...new Set(leftOut)]
  return whys.map((why) => ({ why, tracks: leftOut.filter((one) => one === why).length }))
}

export function uploadBody(video: Video): Upload {
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
