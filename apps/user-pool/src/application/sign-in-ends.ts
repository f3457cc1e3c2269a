import type { Attempt } from './attempts.ts'
import type { TokenFamily } from './refresh-tokens.ts'
import type { SessionKey } from './sessions.ts'

/** The end of a sign-in with two factors. */
export interface SignInEnds {
  /** Uses up the session and the step of time of its code, starts the family of tokens, and lets the attempt succeed: all
   *  of it or nothing.
   *  A step that was used before, or a later one, is not accepted: a code works once.
   *  @returns the refresh token, or what another attempt has used up already */
  complete(
    session: SessionKey,
    step: number,
    family: TokenFamily,
    attempt: Attempt,
  ): Promise<{ refreshToken: string } | 'code' | 'session'>
}
