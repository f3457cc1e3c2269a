/** What is guessed at; each has a lockout of its own. */
export type Guess = 'password' | 'totp' | 'code'

/** One guess, at whose secret and from where. */
export interface Attempt {
  readonly guess: Guess
  /** A sub, or what stands for a name that nobody has. */
  readonly subject: string
  readonly address: string
}

/** Guesses, by account and by address. A guess counts as failed until it has succeeded, so that however
 *  many arrive at once, no more are looked at than the lockout allows. */
export interface Attempts {
  /** `locked`: the account is closed for a while. `flooded`: the address failed too often. */
  begin(attempt: Attempt, now: Date): Promise<'go' | 'locked' | 'flooded'>
  /** Takes the failure back and opens the account. */
  succeeded(attempt: Attempt): Promise<void>
  /** Counts a sign-up from this address; false where there were too many. */
  signUp(address: string, now: Date): Promise<boolean>
}
