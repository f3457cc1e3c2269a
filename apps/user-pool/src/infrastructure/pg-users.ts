import type { Sql } from '@balcao/platform'
import type { Users } from '../application/users.ts'
import { normalise } from '../domain/email.ts'
import type { User, UserStatus } from '../domain/user.ts'

export interface UserRow {
  sub: string
  email: string
  email_verified: boolean
  status: UserStatus
  enabled: boolean
  attributes: Record<string, string>
  created_at: Date
  updated_at: Date
  has_totp: boolean
}

/** The columns of a UserRow, where `users` is called u. */
export const USER_COLUMNS = `u.sub, u.email, u.email_verified, u.status, u.enabled, u.attributes, u.created_at,
  u.updated_at, exists (select from totp_factors t where t.sub = u.sub) as has_totp`

export function userOf(row: UserRow): User {
  return {
    sub: row.sub,
    email: row.email,
    emailVerified: row.email_verified,
    status: row.status,
    enabled: row.enabled,
    attributes: row.attributes,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    hasTotp: row.has_totp,
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The condition that a username names a user, and its value. */
export function byUsername(username: string, parameter: string): { condition: string; value: string } {
  const value = normalise(username)
  return { condition: UUID.test(value) ? `u.sub = ${parameter}::uuid` : `u.email = ${parameter}`, value }
}

export class PgUsers implements Users {
  constructor(
    private readonly sql: Sql,
    private readonly poolId: string,
  ) {}

  async find(username: string) {
    const { condition, value } = byUsername(username, '$2')
    const row = await this.sql.first<UserRow & { password_hash: string }>(
      `select ${USER_COLUMNS}, u.password_hash from users u where u.pool_id = $1 and ${condition}`,
      [this.poolId, value],
    )
    return row && { user: userOf(row), passwordHash: row.password_hash }
  }

  async add(user: Parameters<Users['add']>[0]): Promise<boolean> {
    const added = await this.sql.run(
      `insert into users (sub, pool_id, email, status, password_hash, attributes, created_at, updated_at)
       values ($1, $2, $3, 'UNCONFIRMED', $4, $5, $6, $6) on conflict (pool_id, email) do nothing`,
      [user.sub, this.poolId, user.email, user.passwordHash, JSON.stringify(user.attributes), user.at],
    )
    return added === 1
  }

  async confirm(sub: string, at: Date): Promise<boolean> {
    const confirmed = await this.sql.run(
      `update users set status = 'CONFIRMED', email_verified = true, updated_at = $2
       where sub = $1 and status = 'UNCONFIRMED'`,
      [sub, at],
    )
    return confirmed === 1
  }
}
