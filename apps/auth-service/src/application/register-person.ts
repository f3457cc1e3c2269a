import { AppError, type Cpf, parseCpf } from '@balcao/kernel'
import type { Cache, Mailer } from '@balcao/platform'
import { maskEmail, normalEmail } from '../domain/email.ts'
import type { TellAuth } from './events.ts'
import type { People } from './people.ts'
import type { Pseudonyms } from './pseudonyms.ts'
import type { Users } from './users.ts'

/** Seconds between two notes to the owner of an address that others try to register. */
const NOTE_EVERY = 3600

export interface Registration {
  readonly name: string
  readonly email: string
  readonly cpf: string
  readonly password: string
  readonly address: string
}

export class RegisterPerson {
  constructor(
    private readonly need: {
      readonly users: Users
      readonly people: People
      readonly names: Pseudonyms
      readonly cache: Cache
      readonly mailer: Mailer
      readonly tell: TellAuth
    },
  ) {}

  /** Creates an account that its owner has yet to confirm, and says where the code went. The answer is the same for an
   *  e-mail that has an account: only its owner learns of that, by mail.
   *  @throws AppError `cpf/invalid`, `auth/weak_password`, `auth/too_many_attempts`, `auth/unavailable` */
  async run(input: Registration): Promise<{ medium: 'EMAIL'; destination: string }> {
    const cpf = parseCpf(input.cpf)
    const email = normalEmail(input.email)
    const created = await this.need.users.signUp({ ...input, email })
    if (created) {
      await this.need.people.add({ sub: created.sub, cpf })
      await this.need.tell.registered()
    } else {
      await this.#tellOwner(email, cpf, input.address)
    }
    return { medium: 'EMAIL', destination: maskEmail(email) }
  }

  async #tellOwner(email: string, cpf: Cpf, address: string): Promise<void> {
    const owner = await this.need.users.find(email)
    if (owner && !owner.confirmed) {
      // The person may be missing: we may have died between the pool and this row.
      await this.need.people.add({ sub: owner.sub, cpf })
      return this.#sendAgain(email, address)
    }
    if ((await this.need.cache.increment(`register-note:${await this.need.names.of(email)}`, NOTE_EVERY)) > 1) return
    await this.need.mailer.send({
      to: email,
      subject: 'Você já tem uma conta no Balcão',
      text: 'Alguém tentou criar uma conta com este e-mail, que já tem uma. Se foi você, entre com a sua senha. Se não foi, não precisa fazer nada.',
    })
  }

  async #sendAgain(email: string, address: string): Promise<void> {
    try {
      await this.need.users.resendCode({ email, address })
    } catch (error) {
      // A code went out a moment ago; saying so would tell that the account exists.
      if (!(error instanceof AppError && error.kind === 'rate_limited')) throw error
    }
  }
}
