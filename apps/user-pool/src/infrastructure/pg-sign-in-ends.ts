import { randomToken } from '@balcao/kernel'
import type { Sql } from '@balcao/platform'
import type { Attempt } from '../application/attempts.ts'
import type { TokenFamily } from '../application/refresh-tokens.ts'
import type { SessionKey } from '../application/sessions.ts'
import type { SignInEnds } from '../application/sign-in-ends.ts'
import { sha256 } from './keyed-hash.ts'
import type { PgAttempts } from './pg-attempts.ts'
import { hashOf } from './pg-sessions.ts'

export class PgSignInEnds implements SignInEnds {
  constructor(
    private readonly sql: Sql,
    private readonly poolId: string,
    private readonly attempts: Pick<PgAttempts, 'forgiving'>,
  ) {}

  // One statement is one transaction with one round trip. The update comes first and its row is locked, so that of
  // two attempts the second sees what the first has used.
  async complete(session: SessionKey, step: number, family: TokenFamily, attempt: Attempt) {
    const forgiving = this.attempts.forgiving(attempt, 10, 'exists (select from session)')
    const refreshToken = randomToken()
    const row = await this.sql.first<{ step_used: boolean; session_used: boolean }>(
      `with factor as (
         update totp_factors set last_step = $2 where sub = $1 and last_step < $2 returning sub
       ), session as (
         delete from sessions where hash = $3 and sub = (select sub from factor) returning sub
       ), family as (
         insert into token_families (origin_jti, pool_id, client_id, sub, auth_time, expires_at)
         select $4, $5, $6, sub, $7, $8 from session returning origin_jti
       ), token as (
         insert into refresh_tokens (hash, origin_jti, issued_at) select $9, origin_jti, $7 from family
       ), ${forgiving.expressions}
       select exists (select from factor) as step_used, exists (select from session) as session_used`,
      [
        family.sub,
        step,
        hashOf(session),
        family.originJti,
        this.poolId,
        family.clientId,
        family.authTime,
        family.expiresAt,
        sha256(refreshToken),
        ...forgiving.values,
      ],
    )
    if (row!.session_used) return { refreshToken }
    return row!.step_used ? 'session' : 'code'
  }
}
