import { STATUS_CODES } from 'node:http'
import type { Problem } from '@balcao/contracts'
import { AppError, type ErrorKind } from '@balcao/kernel'
import { isDiskFull } from '../disk-full.ts'

const statusOf: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unprocessable: 422,
  rate_limited: 429,
  unavailable: 503,
}

/** An error as RFC 9457 problem details. What is not an AppError shows nothing of itself (D0-11). */
export function toProblem(error: unknown): Problem {
  if (error instanceof AppError) {
    const status = statusOf[error.kind]
    const details = Object.keys(error.details).length > 0 ? { details: error.details } : {}
    return { ...problem(status, error.code, error.message), ...details }
  }
  if (isDiskFull(error))
    return problem(
      503,
      'server/no_room',
      'O servidor está sem espaço em disco: o que está guardado continua lá. Tente mais tarde.',
    )
  const status = (error as { statusCode?: number })?.statusCode ?? (error as { status?: number })?.status
  if (typeof status === 'number' && status >= 400 && status < 500) {
    // Refused by the framework: an unknown route, a body that is too large or is not JSON.
    return problem(status, frameworkCodes[status] ?? 'request/refused', STATUS_CODES[status] ?? 'Request refused')
  }
  return problem(500, 'internal', 'Algo falhou do nosso lado. Tente de novo em alguns instantes.')
}

const frameworkCodes: Readonly<Record<number, string>> = {
  400: 'request/malformed',
  404: 'request/no_such_route',
  405: 'request/method',
  413: 'request/too_large',
  415: 'request/media_type',
}

function problem(status: number, code: string, detail: string): Problem {
  return {
    type: `urn:balcao:problem:${code.replaceAll('/', ':')}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
  }
}
