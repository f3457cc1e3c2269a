import { AppError } from '@balcao/kernel'
import type { Verdict } from '@balcao/platform'
import { type Rejection, rejections } from '../../domain/media/rejections.ts'

export type Problem = Pick<Rejection, 'code' | 'message'>

const problem = (code: string, message: string): Problem => ({ code: `video/${code}`, message })

const diskFull = problem(
  'disk_full',
  'O servidor está sem espaço em disco. O vídeo espera e continua quando houver espaço.',
)
const missingTool = problem(
  'ffmpeg_missing',
  'O conversor de vídeo não está instalado no servidor. O vídeo espera por ele.',
)
const outage = problem('waiting', 'Uma parte do servidor não responde. O processamento continua quando ela voltar.')
/** Said of a job whose worker died at every attempt. */
export const gaveUp = problem('gave_up', 'O processamento foi interrompido vezes demais.')
const unknown = problem('processing_failed', 'O processamento falhou.')

const networkCodes = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|UND_ERR|08|57P)/

/** Database or object store are away: node's and undici's codes, PostgreSQL's classes 08 and 57P, the store's 5xx. */
function isOutage(error: unknown): boolean {
  const { code, cause, name, message, $metadata, errors } = (error ?? {}) as {
    code?: unknown
    cause?: unknown
    name?: string
    message?: string
    $metadata?: { httpStatusCode?: number }
    errors?: unknown[]
  }
  return (
    networkCodes.test(String(code ?? '')) ||
    name === 'TimeoutError' ||
    ($metadata?.httpStatusCode ?? 0) >= 500 ||
    /Connection terminated|socket hang up/i.test(message ?? '') ||
    (cause !== undefined && isOutage(cause)) ||
    (errors ?? []).some(isOutage)
  )
}

const isStory = (error: AppError): error is AppError<Problem['code']> => error.code.startsWith('video/')

/** Decides by its error whether a job is done again. The sentence is for the video's owner. */
export function toVerdict(error: unknown): Verdict<Problem> {
  const code = error instanceof AppError ? error.code : (error as NodeJS.ErrnoException | undefined)?.code
  if (code === 'ENOSPC' || code === 'video/disk_full' || code === 'object/does_not_fit') {
    return { problem: diskFull, again: 'waits' }
  }
  if (code === 'video/ffmpeg_missing') return { problem: missingTool, again: 'waits' }
  if (code === 'object/not_found') return { problem: rejections.uploadMissing, again: 'never' }
  if (code === rejections.limitsExceeded.code) return { problem: rejections.limitsExceeded, again: 'never' }
  if (error instanceof AppError && isStory(error)) {
    return { problem: { code: error.code, message: error.message }, again: 'counts' }
  }
  return isOutage(error) ? { problem: outage, again: 'waits' } : { problem: unknown, again: 'counts' }
}
