import type { Platform } from '@balcao/platform'

/** One call per business event writes its log line and moves its counter (D1-36). Nothing in it names a person. */
export class SignInEvents {
  constructor(private readonly platform: Pick<Platform, 'log' | 'metrics'>) {}

  registered(): void {
    this.#write('auth_registrations_total', 'Accounts created', {})
  }

  signedIn(): void {
    this.#write('auth_sign_ins_total', 'Sign-ins by result', { result: 'ok' })
  }

  /** @param code of the AppError that ended the try */
  refused(code: string): void {
    this.#write('auth_sign_ins_total', 'Sign-ins by result', { result: code })
  }

  mfaActivated(): void {
    this.#write('auth_mfa_activations_total', 'Authenticator apps enrolled', {})
  }

  #write(name: string, help: string, labels: Record<string, string>): void {
    this.platform.metrics.count(name, help, labels)
    this.platform.log.info({ event: name, ...labels }, help)
  }
}
