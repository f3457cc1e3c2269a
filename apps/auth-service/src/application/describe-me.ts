import { maskCpf } from '@balcao/kernel'
import type { People } from './people.ts'
import type { Users } from './users.ts'

export class DescribeMe {
  constructor(
    private readonly users: Users,
    private readonly people: People,
  ) {}

  /** Who holds this access token. The CPF is masked; null for those who signed up at the pool itself.
   *  @throws AppError `auth/invalid_token`, `auth/unavailable` */
  async run(accessToken: string) {
    const { sub, name, email, mfaEnabled } = await this.users.describe(accessToken)
    const { cpf } = await this.people.seen(sub)
    return { id: sub, name, email, cpf: cpf && maskCpf(cpf), mfaEnabled }
  }
}
