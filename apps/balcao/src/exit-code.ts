import { AppError } from '@balcao/kernel'

/** What a program of ours ends with when it fails: 78 (EX_CONFIG of sysexits.h) where it was asked for what cannot be,
 *  which does not get better by starting again. */
export const exitCodeOf = (error: unknown): number => (error instanceof AppError && error.kind === 'invalid' ? 78 : 1)
