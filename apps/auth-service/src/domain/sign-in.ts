/** What a pool hands to a person whose factors were right. */
export interface PoolTokens {
  readonly accessToken: string
  readonly idToken: string
  readonly refreshToken: string
  /** Seconds that the access token is good for. */
  readonly expiresIn: number
}

/** Where a sign-in stands after the password (D1-28). `session` is the pool's and never leaves the server;
 *  `username` is the pool's own name for the person, which the next answer must carry. */
export type SignInStep =
  | { readonly kind: 'tokens'; readonly tokens: PoolTokens }
  | { readonly kind: 'mfa'; readonly challenge: MfaChallenge; readonly username: string; readonly session: string }
  | { readonly kind: 'setup'; readonly username: string; readonly session: string }

export type MfaChallenge = 'SOFTWARE_TOKEN_MFA' | 'SMS_MFA'

/** A person as the pool knows them. */
export interface PoolUser {
  readonly sub: string
  readonly email: string
  readonly name: string
  readonly mfaEnabled: boolean
}
