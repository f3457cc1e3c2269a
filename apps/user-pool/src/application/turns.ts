import { Turns } from '@balcao/kernel'
import { tooManyRequests } from '../domain/refusal.ts'

/** At most this many wait for one name. */
const LONGEST_LINE = 64

/** The turns of who signs in: a line that is too long is TooManyRequestsException. */
export const signInTurns = (): Turns => new Turns({ longest: LONGEST_LINE, tooLong: tooManyRequests })
