import type { Session, SessionStep } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import type { Attempt } from './attempts.ts'

/** Who may use a Session: it is bound to all that is given here. */
export interface SessionBinding {
  readonly steps: readonly SessionStep[]
  readonly clientId?: string
  /** `sub` or e-mail. */
  readonly username?: string
}

/** Sign-ins under way. What a client holds is random and opaque; only its hash is kept. */
export interface Sessions {
  /** @returns what the client shall hold  @param earned the guess that was right and led here: it succeeds with this */
  open(session: Session, earned?: Attempt): Promise<string>
  /** Opens the session that belongs to an access token's sign-in, in place of an older one. */
  openFor(originJti: string, session: Session): Promise<void>
  /** Counts a try and returns the session, or undefined where it is unknown, foreign, expired or used up.
   *  Counted before the guess is looked at, so that parallel guesses cannot share one try. */
  attempt(key: SessionKey, binding: SessionBinding, now: Date): Promise<HeldSession | undefined>
  /** Uses a session up that still has a try left: of two callers one gets it. */
  take(key: SessionKey, binding: SessionBinding, now: Date): Promise<HeldSession | undefined>
  /** Uses a session up whose attempt has succeeded. False where another attempt was faster. */
  close(key: SessionKey): Promise<boolean>
}

/** A session as it was found, with whose it is: an account that is enabled. */
export type HeldSession = Session & { readonly user: User }

/** What the client held, or the sign-in that an access token came from. */
export type SessionKey = { readonly session: string } | { readonly originJti: string }
