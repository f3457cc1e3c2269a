import type { Thrown } from './thrown.ts'

/** Codes of node and undici, and PostgreSQL's classes 08 and 57P. */
const CODES = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|UND_ERR|08|57P)/

/** Whether that very error says that a database or an object store is away; stores say so by 5xx. */
export const saysOutage = ({ code, name, message, $metadata }: Thrown): boolean =>
  CODES.test(String(code ?? '')) ||
  name === 'TimeoutError' ||
  ($metadata?.httpStatusCode ?? 0) >= 500 ||
  /Connection terminated|socket hang up/i.test(message ?? '')
