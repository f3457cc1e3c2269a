import { AppError } from '@balcao/kernel'
import { rejections } from '../../domain/media/rejections.ts'
import type { Exit } from './sandbox.ts'

/** What the end of an ffmpeg means. Its last words go into the log, not to the person. */
export function failure({ how, stderr }: Exit): AppError {
  const details = { how, stderr: stderr.slice(-2000) }
  if (how === 'limit') {
    return new AppError('unprocessable', rejections.limitsExceeded.code, rejections.limitsExceeded.message, details)
  }
  if (how === 'hung') {
    return new AppError(
      'unavailable',
      'video/ffmpeg_hung',
      'O processamento parou de avançar e foi interrompido.',
      details,
    )
  }
  if (how === 'killed') {
    return new AppError('unavailable', 'video/ffmpeg_killed', 'O processamento foi interrompido.', details)
  }
  return new AppError('unavailable', 'video/ffmpeg_failed', 'O vídeo não pôde ser convertido.', details)
}

/** A film is worth having without it, whatever ended ffmpeg, but for a full disk; what a signal ended is over. */
export function doneWithout(error: unknown): void {
  if (!(error instanceof AppError) || error.code === 'video/disk_full') throw error
}
