import type { Clock, Turns } from '@balcao/kernel'
import type { AppClient } from '../domain/pool.ts'
import { attemptsExceeded, incorrectPassword, refusal, tooManyRequests } from '../domain/refusal.ts'
import { SESSION_SECONDS, type SessionStep } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import { type AppClients, addressOf } from './app-clients.ts'
import type { Attempt, Attempts } from './attempts.ts'
import type { TellPool } from './events.ts'
import { type AuthFlow, type InitiateAuthInput, parameter } from './initiate-auth.ts'
import type { Caller } from './operation.ts'
import type { Passwords } from './passwords.ts'
import type { Pseudonym } from './pseudonym.ts'
import type { Sessions } from './sessions.ts'
import { subjectOf } from './subject.ts'
import type { Users } from './users.ts'

/** USER_PASSWORD_AUTH: a right password leads to the second factor, or to enrolling one. Never to tokens. */
export class PasswordSignIn implements AuthFlow {
  constructor(
    private readonly need: {
      readonly clients: AppClients
      readonly users: Users
      readonly passwords: Passwords
      readonly attempts: Attempts
      readonly sessions: Sessions
      readonly turns: Turns
      readonly pseudonym: Pseudonym
      readonly tell: TellPool
      readonly clock: Clock
    },
  ) {}

  /** @throws AppError NotAuthorizedException, UserNotConfirmedException, TooManyRequestsException */
  async start({ id }: AppClient, input: InitiateAuthInput, caller: Caller) {
    const username = parameter(input.AuthParameters, 'USERNAME')
    const password = parameter(input.AuthParameters, 'PASSWORD')
    const client = this.need.clients.bySecretHash(id, username, input.AuthParameters?.SECRET_HASH)
    const address = addressOf(client, input, caller)

    const found = await this.need.users.find(username)
    const subject = subjectOf(found?.user, username, this.need.pseudonym)
    // One at a time for each account: people who sign in twice at once, rightly, are not locked out by themselves.
    return this.need.turns.take(subject, () =>
      this.#authenticate(client, found, { guess: 'password', subject, address }, password),
    )
  }

  async #authenticate(
    client: AppClient,
    found: { user: User; passwordHash: string } | undefined,
    attempt: Attempt,
    password: string,
  ) {
    const verdict = await this.need.attempts.begin(attempt, this.need.clock.now())
    if (verdict === 'flooded') throw tooManyRequests()
    if (verdict === 'locked') throw await this.#failed(attemptsExceeded())
    const right = await this.need.passwords.verify(found?.passwordHash, password)
    if (!found || !right) throw await this.#failed(incorrectPassword())
    const { enabled, status } = found.user
    if (enabled && status === 'CONFIRMED') return this.#challenge(client, found.user, attempt)
    await this.need.attempts.succeeded(attempt)
    if (!enabled) throw await this.#failed(refusal('NotAuthorizedException', 'User is disabled.'))
    throw refusal('UserNotConfirmedException', 'User is not confirmed.')
  }

  async #challenge(client: AppClient, user: User, earned: Attempt) {
    const step: SessionStep = user.hasTotp ? 'SOFTWARE_TOKEN_MFA' : 'MFA_SETUP/associate'
    const expiresAt = new Date(this.need.clock.now().getTime() + SESSION_SECONDS[step] * 1000)
    const session = await this.need.sessions.open(
      { sub: user.sub, clientId: client.id, step, secret: undefined, expiresAt },
      earned,
    )
    return user.hasTotp
      ? {
          ChallengeName: 'SOFTWARE_TOKEN_MFA',
          Session: session,
          ChallengeParameters: { USER_ID_FOR_SRP: user.sub },
        }
      : {
          ChallengeName: 'MFA_SETUP',
          Session: session,
          ChallengeParameters: { USER_ID_FOR_SRP: user.sub, MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' },
        }
  }

  async #failed<E>(error: E): Promise<E> {
    await this.need.tell.sign_in({ result: 'failed' })
    return error
  }
}
