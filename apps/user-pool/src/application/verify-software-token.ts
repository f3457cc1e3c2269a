import type { Clock } from '@balcao/kernel'
import type { Sql } from '@balcao/platform'
import { invalidSession, refusal } from '../domain/refusal.ts'
import type { Session } from '../domain/session.ts'
import { matchingStep } from '../domain/totp.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { TellPool } from './events.ts'
import type { Operation } from './operation.ts'
import type { SessionBinding, SessionKey, Sessions } from './sessions.ts'
import type { TotpFactors } from './totp-factors.ts'

interface Input {
  readonly AccessToken?: string
  readonly Session?: string
  readonly UserCode: string
  readonly FriendlyDeviceName?: string
}

/** Proves the secret of AssociateSoftwareToken with a code, which makes it the second factor. The code is used up. */
export class VerifySoftwareToken implements Operation<Input> {
  constructor(
    private readonly need: {
      readonly transaction: Sql['transaction']
      readonly sessions: Sessions
      readonly factors: TotpFactors
      readonly accessTokens: AccessTokens
      readonly tell: TellPool
      readonly clock: Clock
    },
  ) {}

  /** @throws AppError InvalidParameterException, NotAuthorizedException, EnableSoftwareTokenMFAException (wrong code) */
  async run(input: Input): Promise<{ Status: 'SUCCESS'; Session?: string }> {
    if ((input.AccessToken === undefined) === (input.Session === undefined)) {
      throw refusal('InvalidParameterException', 'Give either AccessToken or Session.')
    }
    const key: SessionKey =
      input.Session === undefined
        ? { originJti: (await this.need.accessTokens.check(input.AccessToken!)).originJti }
        : { session: input.Session }
    const binding: SessionBinding = { steps: ['originJti' in key ? 'REPLACE' : 'MFA_SETUP/verify'] }
    const now = this.need.clock.now()
    const held = await this.need.sessions.attempt(key, binding, now)
    if (!held?.secret) throw noSecret(key)
    const step = matchingStep(held.secret, input.UserCode, now)
    if (step === undefined) throw refusal('EnableSoftwareTokenMFAException', 'Code mismatch')

    const next = await this.need.transaction(async () => {
      if (!(await this.need.sessions.close(key))) throw noSecret(key)
      const factor = { sub: held.sub, secret: held.secret!, step, deviceName: input.FriendlyDeviceName, at: now }
      if (held.step === 'REPLACE') return this.need.factors.replace(factor)
      // A sign-in that began before there was a factor must not slip past the one that exists now.
      if (!(await this.need.factors.add(factor))) throw invalidSession()
      return this.#finish(held)
    })
    await this.need.tell.mfa_activated()
    return { Status: 'SUCCESS', ...(next === undefined ? {} : { Session: next }) }
  }

  #finish(held: Session): Promise<string> {
    return this.need.sessions.open({ ...held, step: 'MFA_SETUP/finish', secret: undefined })
  }
}

function noSecret(key: SessionKey) {
  return 'originJti' in key
    ? refusal('SoftwareTokenMFANotFoundException', 'Software token TOTP multi-factor authentication is not set up.')
    : invalidSession()
}
