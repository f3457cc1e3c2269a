import type { User } from '../domain/user.ts'

/** All refresh tokens that descend from one sign-in. */
export interface TokenFamily {
  /** `origin_jti` of the access tokens. */
  readonly originJti: string
  readonly clientId: string
  readonly sub: string
  readonly authTime: Date
  readonly expiresAt: Date
}

/** Refresh tokens: opaque, random, kept as hashes, bound to a client. */
export interface RefreshTokens {
  /** The first of a family. @returns the token */
  start(family: TokenFamily): Promise<string>
  /** Another of a family. @returns the token */
  issue(originJti: string, now: Date): Promise<string>
  /** The family of a token that may be used, and when the token was exchanged, if it was; locked until the
   *  surrounding transaction ends, so that two uses see each other. Undefined where it is unknown, expired or revoked. */
  lock(
    token: string,
    now: Date,
  ): Promise<{ family: TokenFamily; user: User; exchangedAt: Date | undefined } | undefined>
  markExchanged(token: string, now: Date): Promise<void>
  /** The client that a token belongs to, whatever its state. */
  ownerOf(token: string): Promise<{ originJti: string; clientId: string } | undefined>
  /** No token of the family works from here on, its access tokens included. */
  revoke(originJti: string, now: Date): Promise<void>
  /** Whose sign-in this is, while it is not revoked and the account is enabled. */
  userOf(originJti: string): Promise<User | undefined>
}
