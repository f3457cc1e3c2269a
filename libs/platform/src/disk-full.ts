/** What may be known of anything that was thrown. */
export interface Thrown {
  readonly code?: unknown
  readonly cause?: unknown
  readonly name?: string
  readonly message?: string
  readonly details?: Readonly<Record<string, unknown>>
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly errors?: readonly unknown[]
}

/** The first that is so: an error, what caused it, or one of several. */
export function findError(error: unknown, is: (error: Thrown) => boolean): Thrown | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const thrown: Thrown = error
  if (is(thrown)) return thrown
  for (const inner of [thrown.cause, ...(thrown.errors ?? [])]) {
    const found = findError(inner, is)
    if (found) return found
  }
  return undefined
}

/** The file system's codes, PostgreSQL's disk_full, and ours. */
const CODES = ['ENOSPC', 'EDQUOT', '53100', 'object/does_not_fit']

/** Whether that very error says that a disk is full, whosever it is; stores that have one say so by 507 (ours, MinIO). */
export const saysDiskFull = ({ code, $metadata }: Thrown): boolean =>
  CODES.includes(String(code ?? '')) || $metadata?.httpStatusCode === 507

/** Whether something failed for want of room on a disk. */
export const isDiskFull = (error: unknown): boolean => findError(error, saysDiskFull) !== undefined
