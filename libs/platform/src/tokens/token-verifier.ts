/** Who a request speaks for, out of a pool's access token that was checked fully (D3-18, D3-20, D3-25). */
export interface Identity {
  /** `sub`: the user id everywhere. */
  readonly userId: string
  readonly username: string
  readonly clientId: string
  readonly groups: readonly string[]
  readonly authTime: Date
  readonly expiresAt: Date
}

export interface TokenVerifier {
  /** Checks signature, alg, iss, token_use=access, client and expiry. @throws AppError `auth/invalid_token` (unauthenticated) */
  verify(accessToken: string): Promise<Identity>
}
