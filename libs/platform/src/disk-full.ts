import { findError, type Thrown } from './thrown.ts'

/** The file system's codes, PostgreSQL's disk_full, and ours. */
const CODES = ['ENOSPC', 'EDQUOT', '53100', 'object/does_not_fit']

/** Whether that very error says that a disk is full, whosever it is; stores that have one say so by 507 (ours, MinIO). */
export const saysDiskFull = ({ code, $metadata }: Thrown): boolean =>
  CODES.includes(String(code ?? '')) || $metadata?.httpStatusCode === 507

/** Whether something failed for want of room on a disk. */
export const isDiskFull = (error: unknown): boolean => findError(error, saysDiskFull) !== undefined
