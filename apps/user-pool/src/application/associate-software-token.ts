import { randomBytes } from 'node:crypto'
import type { Clock } from '@balcao/kernel'
import type { Sql } from '@balcao/platform'
import { invalidSession, refusal } from '../domain/refusal.ts'
import { SESSION_SECONDS } from '../domain/session.ts'
import { base32 } from '../domain/totp.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { Operation } from './operation.ts'
import type { Sessions } from './sessions.ts'

interface Input {
  readonly AccessToken?: string
  readonly Session?: string
}

/** Bytes of a TOTP secret (RFC 4226 §4 R6: at least 128 bits, 160 recommended). */
const SECRET_BYTES = 20
/** Whoever changes the second factor has signed in within the last five minutes, in seconds. */
const FRESH = 300

/** Makes a secret for an authenticator app. Nothing changes for the account until VerifySoftwareToken proves it. */
export class AssociateSoftwareToken implements Operation<Input> {
  constructor(
    private readonly need: {
      readonly transaction: Sql['transaction']
      readonly sessions: Sessions
      readonly accessTokens: AccessTokens
      readonly clock: Clock
    },
  ) {}

  /** @throws AppError InvalidParameterException, NotAuthorizedException */
  async run(input: Input): Promise<{ SecretCode: string; Session?: string }> {
    if ((input.AccessToken === undefined) === (input.Session === undefined)) {
      throw refusal('InvalidParameterException', 'Give either AccessToken or Session.')
    }
    const secret = randomBytes(SECRET_BYTES)
    if (input.Session === undefined) await this.#replace(input.AccessToken!, secret)
    const next = input.Session === undefined ? {} : { Session: await this.#enrol(input.Session, secret) }
    return { SecretCode: base32(secret), ...next }
  }

  /** The secret hangs on this sign-in only, so that two of them do not overwrite each other's. */
  #enrol(session: string, secret: Buffer): Promise<string> {
    return this.need.transaction(async () => {
      const steps = ['MFA_SETUP/associate', 'MFA_SETUP/verify'] as const
      const held = await this.need.sessions.take({ session }, { steps }, this.need.clock.now())
      if (!held) throw invalidSession()
      return this.need.sessions.open({ ...held, step: 'MFA_SETUP/verify', secret })
    })
  }

  async #replace(accessToken: string, secret: Buffer): Promise<void> {
    const { user, clientId, originJti, authTime } = await this.need.accessTokens.check(accessToken)
    const now = this.need.clock.now()
    if (now.getTime() - authTime.getTime() > FRESH * 1000) {
      throw refusal('NotAuthorizedException', 'Sign in again to change the second factor.')
    }
    const expiresAt = new Date(now.getTime() + SESSION_SECONDS.REPLACE * 1000)
    await this.need.sessions.openFor(originJti, { sub: user.sub, clientId, step: 'REPLACE', secret, expiresAt })
  }
}
