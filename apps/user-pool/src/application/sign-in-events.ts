/** What happened to accounts, counted without saying to whose (D1-36). */
export interface SignInEvents {
  registered(): void
  signedIn(): void
  signInFailed(): void
  mfaActivated(): void
}
