import type { MfaChallenge, PoolTokens, PoolUser, SignInStep } from '../domain/sign-in.ts'

/** The user pool `contas`, as sign-in sees it. `address` is the person's IP address: the pool's limits count by it.
 *  Every method throws AppError: `auth/too_many_attempts`, `auth/unavailable` and those it names. */
export interface Users {
  /** The new user's `sub`, or undefined where the e-mail is taken. @throws `auth/weak_password`, `auth/invalid_input` */
  signUp(input: {
    name: string
    email: string
    password: string
    address: string
  }): Promise<{ sub: string } | undefined>
  /** @throws `auth/wrong_code`, `auth/code_expired` */
  confirm(input: { email: string; code: string; address: string }): Promise<void>
  /** Does nothing for an address that has nothing to confirm. */
  resendCode(input: { email: string; address: string }): Promise<void>
  /** Whether that e-mail has proven itself; undefined where it has no account. */
  find(email: string): Promise<{ sub: string; confirmed: boolean } | undefined>
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
  /** Ends the token and all that came from it; a token that is already dead is no error. */
  revoke(refreshToken: string): Promise<void>
  /** @throws `auth/invalid_token` */
  describe(accessToken: string): Promise<PoolUser>
}
