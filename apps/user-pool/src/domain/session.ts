/** How far a sign-in has come. A Session is good for exactly one of these. */
export type SessionStep =
  /** The password was right; the code of the second factor comes next. */
  | 'SOFTWARE_TOKEN_MFA'
  /** The password was right and there is no second factor yet: ask for its secret … */
  | 'MFA_SETUP/associate'
  /** … prove it with a code … */
  | 'MFA_SETUP/verify'
  /** … and finish the sign-in. */
  | 'MFA_SETUP/finish'
  /** Somebody signed in replaces the second factor; this one is reached by the access token only. */
  | 'REPLACE'

/** Seconds. Installing an app takes a person longer than typing a code (Cognito's range is 3 to 15 minutes). */
export const SESSION_SECONDS: Record<SessionStep, number> = {
  SOFTWARE_TOKEN_MFA: 300,
  'MFA_SETUP/associate': 900,
  'MFA_SETUP/verify': 900,
  'MFA_SETUP/finish': 900,
  REPLACE: 900,
}

/** Wrong codes that one Session stands; the last of them uses it up. */
export const SESSION_TRIES = 3

export interface Session {
  readonly sub: string
  readonly clientId: string
  readonly step: SessionStep
  /** What a code must match: the proven secret for SOFTWARE_TOKEN_MFA, the one that is being enrolled for
   *  MFA_SETUP/verify and REPLACE. */
  readonly secret: Buffer | undefined
  readonly expiresAt: Date
}
