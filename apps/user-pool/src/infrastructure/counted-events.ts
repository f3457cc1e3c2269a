import type { Metrics } from '@balcao/platform'
import type { SignInEvents } from '../application/sign-in-events.ts'

/** Sign-in events as counters (D1-36). */
export class CountedEvents implements SignInEvents {
  constructor(private readonly metrics: Metrics) {}

  registered(): void {
    this.metrics.count('user_pool_registered_total', 'Accounts created')
  }

  signedIn(): void {
    this.metrics.count('user_pool_sign_in_total', 'Sign-ins by result', { result: 'ok' })
  }

  signInFailed(): void {
    this.metrics.count('user_pool_sign_in_total', 'Sign-ins by result', { result: 'failed' })
  }

  mfaActivated(): void {
    this.metrics.count('user_pool_mfa_activated_total', 'Second factors proven')
  }
}
