import type { Pool } from '../domain/pool.ts'
import { refusal } from '../domain/refusal.ts'
import { attributesOf, mfaSettingsOf } from '../domain/user.ts'
import type { Operation } from './operation.ts'
import type { Users } from './users.ts'

interface Input {
  readonly UserPoolId: string
  readonly Username: string
}

const epochSeconds = (date: Date) => date.getTime() / 1000

/** Any account of the pool, for whoever holds the pool's access key. */
export class AdminGetUser implements Operation<Input> {
  constructor(
    private readonly pool: Pool,
    private readonly users: Users,
  ) {}

  /** @throws AppError ResourceNotFoundException, UserNotFoundException */
  async run(input: Input) {
    if (input.UserPoolId !== this.pool.id) {
      throw refusal('ResourceNotFoundException', `User pool ${input.UserPoolId} does not exist.`)
    }
    const user = (await this.users.find(input.Username))?.user
    if (!user) throw refusal('UserNotFoundException', 'User does not exist.')
    return {
      Username: user.sub,
      UserAttributes: attributesOf(user),
      UserCreateDate: epochSeconds(user.createdAt),
      UserLastModifiedDate: epochSeconds(user.updatedAt),
      Enabled: user.enabled,
      UserStatus: user.status,
      ...mfaSettingsOf(user),
    }
  }
}
