import { flag, json, oneOf, rowOf, type Sql, text, time } from '@balcao/platform'
import { z } from 'zod'
import type { Users } from '../application/users.ts'
import { normalise } from '../domain/email.ts'
import type { User } from '../domain/user.ts'

/** A User, where `users` is called u. */
export const userRow = rowOf<User>()({
  sub: text('u.sub'),
  email: text('u.email'),
  emailVerified: flag('u.email_verified'),
  status: oneOf(['UNCONFIRMED', 'CONFIRMED'], 'u.status'),
  enabled: flag('u.enabled'),
  attributes: json(z.record(z.string(), z.string()), 'u.attributes'),
  createdAt: time('u.created_at'),
  updatedAt: time('u.updated_at'),
  hasTotp: flag('exists (select from totp_factors t where t.sub = u.sub)'),
})
const credentialRow = rowOf<{ passwordHash: string }>()({ passwordHash: text('u.password_hash') })
export type Row = Readonly<Record<string, unknown>>

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
    const row = await this.sql.first<Row>(
      `select ${userRow.columns()}, ${credentialRow.columns()} from users u where u.pool_id = $1 and ${condition}`,
      [this.poolId, value],
    )
    return row && { user: userRow.read(row), ...credentialRow.read(row) }
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
