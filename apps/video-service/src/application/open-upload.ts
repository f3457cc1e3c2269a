import { AppError } from '@balcao/kernel'
import { planParts } from '../domain/part-plan.ts'
import type { Video } from '../domain/video.ts'

/** An upload in parts that still takes parts. */
export interface OpenUpload {
  readonly uploadId: string
  readonly partSize: number
  readonly partCount: number
  readonly size: number
}

/** @throws AppError `upload/completed` when it takes no more parts, `upload/not_in_parts` for a single PUT */
export function openUpload(video: Video): OpenUpload {
  if (video.state !== 'uploading') {
    throw new AppError('conflict', 'upload/completed', 'O envio deste vídeo já terminou.')
  }
  if (!video.parts || video.size === undefined) {
    throw new AppError('conflict', 'upload/not_in_parts', 'Este vídeo é enviado de uma só vez, pelo uploadUrl.')
  }
  return { ...video.parts, size: video.size, partCount: planParts(video.size).partCount }
}
