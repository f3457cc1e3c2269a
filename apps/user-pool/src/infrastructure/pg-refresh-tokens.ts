import { randomToken } from '@balcao/kernel'
import type { Sql } from '@balcao/platform'
import type { RefreshTokens, TokenFamily } from '../application/refresh-tokens.ts'
import type { User } from '../domain/user.ts'
import { sha256 } from './keyed-hash.ts'
import { USER_COLUMNS, type UserRow, userOf } from './pg-users.ts'

interface FamilyRow {
  origin_jti: string
  client_id: string
  auth_time: Date
  expires_at: Date
  exchanged_at: Date | null
}

export class PgRefreshTokens implements RefreshTokens {
  constructor(
    private readonly sql: Sql,
    private readonly poolId: string,
  ) {}

  async start(family: TokenFamily): Promise<string> {
    const token = randomToken()
    await this.sql.run(
      `with family as (
         insert into token_families (origin_jti, pool_id, client_id, sub, auth_time, expires_at)
         values ($1, $2, $3, $4, $5, $6) returning origin_jti
       )
       insert into refresh_tokens (hash, origin_jti, issued_at) select $7, origin_jti, $5 from family`,
      [family.originJti, this.poolId, family.clientId, family.sub, family.authTime, family.expiresAt, sha256(token)],
    )
    return token
  }

  async issue(originJti: string, now: Date): Promise<string> {
    const token = randomToken()
    await this.sql.run('insert into refresh_tokens (hash, origin_jti, issued_at) values ($1, $2, $3)', [
      sha256(token),
      originJti,
      now,
    ])
    return token
  }

  async lock(token: string, now: Date) {
    const row = await this.sql.first<UserRow & FamilyRow>(
      `select ${USER_COLUMNS}, f.origin_jti, f.client_id, f.auth_time, f.expires_at, r.exchanged_at
       from refresh_tokens r join token_families f using (origin_jti) join users u on u.sub = f.sub
       where r.hash = $1 and f.pool_id = $2 and f.expires_at > $3 and f.revoked_at is null and u.enabled
       for update of f, r`,
      [sha256(token), this.poolId, now],
    )
    if (!row) return undefined
    const family: TokenFamily = {
      originJti: row.origin_jti,
      clientId: row.client_id,
      sub: row.sub,
      authTime: row.auth_time,
      expiresAt: row.expires_at,
    }
    return { family, user: userOf(row), exchangedAt: row.exchanged_at ?? undefined }
  }

  async markExchanged(token: string, now: Date): Promise<void> {
    await this.sql.run('update refresh_tokens set exchanged_at = $2 where hash = $1', [sha256(token), now])
  }

  async ownerOf(token: string): Promise<{ originJti: string; clientId: string } | undefined> {
    const row = await this.sql.first<{ origin_jti: string; client_id: string }>(
      `select f.origin_jti, f.client_id from refresh_tokens r join token_families f using (origin_jti)
       where r.hash = $1 and f.pool_id = $2`,
      [sha256(token), this.poolId],
    )
    return row && { originJti: row.origin_jti, clientId: row.client_id }
  }

  async revoke(originJti: string, now: Date): Promise<void> {
    await this.sql.run('update token_families set revoked_at = $2 where origin_jti = $1 and revoked_at is null', [
      originJti,
      now,
    ])
  }

  async userOf(originJti: string): Promise<User | undefined> {
    const row = await this.sql.first<UserRow>(
      `select ${USER_COLUMNS} from token_families f join users u on u.sub = f.sub
       where f.origin_jti = $1 and f.pool_id = $2 and f.revoked_at is null and u.enabled`,
      [originJti, this.poolId],
    )
    return row && userOf(row)
  }
}
