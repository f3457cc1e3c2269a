import type { PasswordPolicy } from './password-policy.ts'

/** An app client: who may call the public operations, and what its sign-ins get. */
export interface AppClient {
  readonly id: string
  readonly name: string
  /** A confidential client proves itself with SECRET_HASH or ClientSecret on every call. */
  readonly secret: string | undefined
  /** ExplicitAuthFlows, without Cognito's `ALLOW_`. */
  readonly flows: ReadonlySet<string>
  /** Refresh tokens are exchanged on each use; for `graceSeconds` the old one still works, for two tabs at once. */
  readonly rotation: { readonly graceSeconds: number } | undefined
  /** Seconds. */
  readonly accessTokenSeconds: number
  readonly idTokenSeconds: number
  readonly refreshTokenSeconds: number
}

/** A user pool: accounts named by e-mail, a second factor always (MFA ON). */
export interface Pool {
  readonly id: string
  readonly name: string
  /** `iss` of every token; out of the configuration, never from a Host header. */
  readonly issuer: string
  readonly clients: ReadonlyMap<string, AppClient>
  readonly passwordPolicy: PasswordPolicy
  /** How much one network address may do, whichever accounts it names. */
  readonly perAddress: {
    readonly failures: { readonly count: number; readonly seconds: number }
    readonly signUps: { readonly count: number; readonly seconds: number }
  }
}
