import { randomToken } from '@balcao/kernel'
import { optional, rowOf, type Sql, text, time } from '@balcao/platform'
import type { RefreshTokens, TokenFamily } from '../application/refresh-tokens.ts'
import type { User } from '../domain/user.ts'
import { sha256 } from './keyed-hash.ts'
import { type Row, userRow } from './pg-users.ts'

const familyRow = rowOf<TokenFamily>()({
  originJti: text('f.origin_jti'),
  clientId: text('f.client_id'),
  sub: text('f.sub'),
  authTime: time('f.auth_time'),
  expiresAt: time('f.expires_at'),
})
const exchangeRow = rowOf<{ exchangedAt: Date | undefined }>()({ exchangedAt: optional(time('r.exchanged_at')) })
const ownerRow = rowOf<Pick<TokenFamily, 'originJti' | 'clientId'>>()({
  originJti: text('f.origin_jti'),
  clientId: text('f.client_id'),
})

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
    // Both rows have a `sub`, which is the same.
    const row = await this.sql.first<Row>(
      `select ${userRow.columns()}, ${familyRow.columns()}, ${exchangeRow.columns()}
       from refresh_tokens r join token_families f using (origin_jti) join users u on u.sub = f.sub
       where r.hash = $1 and f.pool_id = $2 and f.expires_at > $3 and f.revoked_at is null and u.enabled
       for update of f, r`,
      [sha256(token), this.poolId, now],
    )
    return row && { family: familyRow.read(row), user: userRow.read(row), ...exchangeRow.read(row) }
  }

  async markExchanged(token: string, now: Date): Promise<void> {
    await this.sql.run('update refresh_tokens set exchanged_at = $2 where hash = $1', [sha256(token), now])
  }

  async ownerOf(token: string): Promise<{ originJti: string; clientId: string } | undefined> {
    const row = await this.sql.first<Row>(
      `select ${ownerRow.columns()} from refresh_tokens r join token_families f using (origin_jti)
       where r.hash = $1 and f.pool_id = $2`,
      [sha256(token), this.poolId],
    )
    return row && ownerRow.read(row)
  }

  async revoke(originJti: string, now: Date): Promise<void> {
    await this.sql.run('update token_families set revoked_at = $2 where origin_jti = $1 and revoked_at is null', [
      originJti,
      now,
    ])
  }

  async userOf(originJti: string): Promise<User | undefined> {
    const row = await this.sql.first<Row>(
      `select ${userRow.columns()} from token_families f join users u on u.sub = f.sub
       where f.origin_jti = $1 and f.pool_id = $2 and f.revoked_at is null and u.enabled`,
      [originJti, this.poolId],
    )
    return row && userRow.read(row)
  }
}
