export type Claims = Readonly<Record<string, unknown>>

/** The pool's own key. */
export interface TokenSigner {
  /** A JWT, signed RS256. */
  sign(claims: Claims): string
  /** The claims of a JWT that this pool signed, or undefined. Looks at nothing but alg, kid and signature. */
  verified(token: string): Claims | undefined
}
