import { planParts } from '../../domain/part-plan.ts'
import { refusals } from '../../domain/refusals.ts'
import type { Video } from '../../domain/video.ts'

/** An upload in parts that still takes parts. */
export interface OpenUpload {
  readonly uploadId: string
  readonly partSize: number
  readonly partCount: number
  readonly size: number
}

/** @throws AppError `upload/completed` when it takes no more parts, `upload/not_in_parts` for a single PUT */
export function openUpload(video: Video): OpenUpload {
  if (video.state !== 'uploading') throw refusals.uploadCompleted()
  if (!video.multipart || video.size === undefined) throw refusals.notInParts()
  return { ...video.multipart, size: video.size, partCount: planParts(video.size).partCount }
}
