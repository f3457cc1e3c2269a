import { AppError } from '@balcao/kernel'

/** EX_CONFIG of sysexits.h: what was asked for cannot be, and starting again makes it no better. */
export const EX_CONFIG = 78

/** What a program of ours ends with when it fails. */
export const exitCodeOf = (error: unknown): number =>
  error instanceof AppError && error.kind === 'invalid' ? EX_CONFIG : 1
