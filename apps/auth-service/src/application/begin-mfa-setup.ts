import { refusals } from '../domain/refusals.ts'
import type { Enrolments } from './enrolments.ts'

export class BeginMfaSetup {
  constructor(private readonly enrolments: Enrolments) {}

  /** The secret for an authenticator app, base32, and its otpauth URI for a QR code. Asked again it answers the same.
   *  @param flow the enrolment's secret, from `SignIn`  @throws AppError `auth/mfa_session` */
  async run(flow: string | undefined): Promise<{ secret: string; uri: string }> {
    const pending = flow && (await this.enrolments.get(flow))
    if (!pending) throw refusals.mfaSession()
    const { secret, account } = pending
    return { secret, uri: otpauthUri(secret, account) }
  }
}

/** What authenticator apps read (Key Uri Format); SHA-1, 6 digits and 30 s are RFC 6238's defaults and theirs. */
function otpauthUri(secret: string, account: string): string {
  return `otpauth://totp/${encodeURIComponent(`Balcão:${account}`)}?secret=${secret}&issuer=${encodeURIComponent('Balcão')}`
}
