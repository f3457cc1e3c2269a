import { AppError } from '@balcao/kernel'
import { findError, saysDiskFull, saysOutage, type Thrown, type Verdict } from '@balcao/platform'
import { gigabytes } from '../../domain/gigabytes.ts'
import { rejections } from '../../domain/media/rejections.ts'
import type { Problem } from '../../domain/problem.ts'

const problem = (code: string, message: string): Problem => ({ code: `video/${code}`, message })

/** @param missing bytes, where they are known */
function diskFull(missing: number | undefined): Problem {
  const short = missing === undefined ? '' : `: faltam pelo menos ${gigabytes(missing)} GB`
  const sentence = `O servidor está sem espaço em disco${short}. O vídeo espera e continua quando houver espaço.`
  return { ...problem('disk_full', sentence), missing }
}
const missingTool = problem(
  'ffmpeg_missing',
  'O conversor de vídeo não está instalado no servidor. O vídeo espera por ele.',
)
const outage = problem('waiting', 'Uma parte do servidor não responde. O processamento continua quando ela voltar.')
/** Said of a job whose worker died at every attempt. */
export const gaveUp = problem('gave_up', 'O processamento foi interrompido vezes demais.')
const unknown = problem('processing_failed', 'O processamento falhou.')

const isFull = (error: Thrown) => error.code === 'video/disk_full' || saysDiskFull(error)

const isStory = (error: AppError): error is AppError<Problem['code']> => error.code.startsWith('video/')

/** Decides by its error whether a job is done again. The sentence is for the video's owner. */
export function toVerdict(error: unknown): Verdict<Problem> {
  const full = findError(error, isFull)
  if (full) {
    const missing = full.details?.missing
    return { problem: diskFull(typeof missing === 'number' ? missing : undefined), again: 'waits' }
  }
  const code = error instanceof AppError ? error.code : undefined
  if (code === 'video/ffmpeg_missing') return { problem: missingTool, again: 'waits' }
  if (code === 'object/not_found') return { problem: rejections.uploadMissing, again: 'never' }
  if (code === rejections.limitsExceeded.code) return { problem: rejections.limitsExceeded, again: 'never' }
  if (error instanceof AppError && isStory(error)) {
    return { problem: { code: error.code, message: error.message }, again: 'counts' }
  }
  return findError(error, saysOutage) ? { problem: outage, again: 'waits' } : { problem: unknown, again: 'counts' }
}
