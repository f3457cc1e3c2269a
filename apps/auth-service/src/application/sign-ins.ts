import type { MfaChallenge, PoolTokens, SignInStep } from '../domain/sign-in.ts'

/** How one signs in at the user pool `contas`. `address` is the person's IP address: the pool's limits count by it.
 *  Every method throws AppError: `auth/too_many_attempts`, `auth/unavailable` and those it names. */
export interface SignIns {
  /** D4-15. @throws `auth/wrong_credentials`, `auth/not_confirmed`, `auth/unsupported_challenge` */
  login(input: { username: string; password: string; address: string }): Promise<SignInStep>
  /** D4-16. @throws `auth/wrong_code`, `auth/code_used`, `auth/mfa_session` */
  respondToMfa(
    pending: { challenge: MfaChallenge; username: string; session: string },
    code: string,
    address: string,
  ): Promise<PoolTokens>
  /** A new secret for an authenticator app, base32. @throws `auth/mfa_session` */
  beginSoftwareToken(session: string): Promise<{ secret: string; session: string }>
  /** @throws `auth/wrong_code`, `auth/mfa_session` */
  verifySoftwareToken(session: string, code: string, deviceName?: string): Promise<{ session: string }>
  /** Trades a session whose app was verified for tokens. @throws `auth/mfa_session` */
  finishMfaSetup(verified: { username: string; session: string }, address: string): Promise<PoolTokens>
  /** @throws `auth/session_ended` */
  refresh(refreshToken: string): Promise<PoolTokens>
  /** Ends the token and all that came from it; a token that is already dead is no error.
   *  @throws `auth/refresh_token_expected` for a token of another kind */
  revoke(refreshToken: string): Promise<void>
}
