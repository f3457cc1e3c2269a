import { randomUUID } from 'node:crypto'
import type { Clock } from '@balcao/kernel'
import type { Sql } from '@balcao/platform'
import { newCode } from '../domain/code.ts'
import { isEmail, normalise } from '../domain/email.ts'
import { checkPassword } from '../domain/password-policy.ts'
import type { Pool } from '../domain/pool.ts'
import { refusal, tooManyRequests } from '../domain/refusal.ts'
import { type Attribute, isWritableAttribute } from '../domain/user.ts'
import { type AppClients, addressOf } from './app-clients.ts'
import type { Attempts } from './attempts.ts'
import { type CodeMail, deliveryTo } from './code-delivery.ts'
import type { Codes } from './codes.ts'
import type { TellPool } from './events.ts'
import type { Caller, Operation, WithUserContext } from './operation.ts'
import type { Passwords } from './passwords.ts'
import type { Users } from './users.ts'

interface Input extends WithUserContext {
  readonly ClientId: string
  readonly SecretHash?: string
  readonly Username: string
  readonly Password?: string
  readonly UserAttributes?: readonly Attribute[]
}

/** Creates an account that is not confirmed yet, and sends the code that confirms it. */
export class SignUp implements Operation<Input> {
  constructor(
    private readonly need: {
      readonly pool: Pool
      readonly clients: AppClients
      readonly transaction: Sql['transaction']
      readonly users: Users
      readonly passwords: Passwords
      readonly codes: Codes
      readonly mail: CodeMail
      readonly attempts: Attempts
      readonly tell: TellPool
      readonly clock: Clock
    },
  ) {}

  /** @throws AppError InvalidParameterException, InvalidPasswordException, UsernameExistsException, TooManyRequestsException */
  async run(input: Input, caller: Caller) {
    const client = this.need.clients.bySecretHash(input.ClientId, input.Username, input.SecretHash)
    const email = normalise(input.Username)
    if (!isEmail(email)) throw refusal('InvalidParameterException', 'Username should be an email.')
    const attributes = chosenAttributes(email, input.UserAttributes ?? [])
    checkPassword(this.need.pool.passwordPolicy, input.Password ?? '')
    const now = this.need.clock.now()
    if (!(await this.need.attempts.signUp(addressOf(client, input, caller), now))) throw tooManyRequests()

    const passwordHash = await this.need.passwords.hash(input.Password ?? '')
    const sub = randomUUID()
    const code = newCode()
    await this.need.transaction(async () => {
      if (!(await this.need.users.add({ sub, email, passwordHash, attributes, at: now }))) {
        throw refusal('UsernameExistsException', 'An account with the given email already exists.')
      }
      await this.need.codes.issue(sub, code, now)
    })
    this.need.mail.sendConfirmation(email, code)
    await this.need.tell.registered()
    return { UserConfirmed: false, UserSub: sub, CodeDeliveryDetails: deliveryTo(email) }
  }
}

function chosenAttributes(email: string, given: readonly Attribute[]): Record<string, string> {
  const chosen: Record<string, string> = {}
  for (const { Name, Value = '' } of given) {
    if (Name === 'email') {
      if (normalise(Value) !== email) {
        throw refusal('InvalidParameterException', 'The attribute email is not the same as the Username.')
      }
    } else if (!isWritableAttribute(Name)) {
      throw refusal('NotAuthorizedException', `A client attempted to write unauthorized attribute ${Name}`)
    } else chosen[Name] = Value
  }
  return chosen
}
