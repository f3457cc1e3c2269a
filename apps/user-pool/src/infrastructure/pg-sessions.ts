import { randomToken } from '@balcao/kernel'
import { binary, group, oneOf, rowOf, type Sql, text, time } from '@balcao/platform'
import type { Attempt } from '../application/attempts.ts'
import type { HeldSession, SessionBinding, SessionKey, Sessions } from '../application/sessions.ts'
import { SESSION_SECONDS, SESSION_TRIES, type Session, type SessionStep } from '../domain/session.ts'
import { sha256 } from './keyed-hash.ts'
import type { PgAttempts } from './pg-attempts.ts'
import { byUsername, type Row, userRow } from './pg-users.ts'
import type { SecretBox } from './secret-box.ts'

interface StoredSession {
  readonly clientId: string
  readonly step: SessionStep
  readonly expiresAt: Date
  /** Of the session, or else of the factor that it asks for. */
  readonly sealed: { readonly keyId: string; readonly bytes: Buffer } | undefined
}
const sessionRow = rowOf<StoredSession>()({
  clientId: text('s.client_id'),
  step: oneOf(Object.keys(SESSION_SECONDS) as SessionStep[], 's.step'),
  expiresAt: time('s.expires_at'),
  sealed: group({
    keyId: text('coalesce(s.secret_key_id, f.secret_key_id)'),
    bytes: binary('coalesce(s.secret, f.secret)'),
  }),
})

const COLUMNS = `${sessionRow.columns()}, ${userRow.columns()}`
const OWNER = 'users u left join totp_factors f on f.sub = u.sub'
export const hashOf = (key: SessionKey) => sha256('session' in key ? key.session : `origin_jti ${key.originJti}`)

export class PgSessions implements Sessions {
  constructor(
    private readonly sql: Sql,
    private readonly poolId: string,
    private readonly box: SecretBox,
    private readonly attempts: Pick<PgAttempts, 'forgiving'>,
  ) {}

  async open(session: Session, earned?: Attempt): Promise<string> {
    const opaque = randomToken()
    await this.#put(sha256(opaque), session, earned)
    return opaque
  }

  openFor(originJti: string, session: Session): Promise<void> {
    return this.#put(hashOf({ originJti }), session)
  }

  async #put(hash: Buffer, session: Session, earned?: Attempt): Promise<void> {
    const sealed = session.secret && (await this.box.seal(session.secret, session.sub))
    const forgiving = earned && this.attempts.forgiving(earned, 9)
    await this.sql.run(
      `${forgiving ? `with ${forgiving.expressions}` : ''}
       insert into sessions (hash, pool_id, client_id, sub, step, secret_key_id, secret, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (hash) do update set tries = 0, step = excluded.step, secret_key_id = excluded.secret_key_id,
         secret = excluded.secret, expires_at = excluded.expires_at`,
      [
        hash,
        this.poolId,
        session.clientId,
        session.sub,
        session.step,
        sealed?.keyId ?? null,
        sealed?.bytes ?? null,
        session.expiresAt,
        ...(forgiving?.values ?? []),
      ],
    )
  }

  attempt(key: SessionKey, binding: SessionBinding, now: Date): Promise<HeldSession | undefined> {
    const { condition, values } = this.#usable(key, binding, now)
    return this.#read(
      `update sessions s set tries = s.tries + 1 from ${OWNER} where ${condition} returning ${COLUMNS}`,
      values,
    )
  }

  take(key: SessionKey, binding: SessionBinding, now: Date): Promise<HeldSession | undefined> {
    const { condition, values } = this.#usable(key, binding, now)
    return this.#read(`delete from sessions s using ${OWNER} where ${condition} returning ${COLUMNS}`, values)
  }

  async close(key: SessionKey): Promise<boolean> {
    return (await this.sql.run('delete from sessions where hash = $1', [hashOf(key)])) === 1
  }

  #usable(key: SessionKey, binding: SessionBinding, now: Date): { condition: string; values: unknown[] } {
    const values: unknown[] = [hashOf(key), this.poolId, binding.steps, now, SESSION_TRIES]
    const conditions = [
      's.hash = $1 and s.pool_id = $2 and s.step = any($3) and s.expires_at > $4 and s.tries < $5',
      'u.sub = s.sub and u.enabled',
    ]
    if (binding.clientId !== undefined) conditions.push(`s.client_id = $${values.push(binding.clientId)}`)
    if (binding.username !== undefined) {
      const { condition, value } = byUsername(binding.username, `$${values.length + 1}`)
      values.push(value)
      conditions.push(condition)
    }
    return { condition: conditions.join(' and '), values }
  }

  async #read(statement: string, values: unknown[]): Promise<HeldSession | undefined> {
    const row = await this.sql.first<Row>(statement, values)
    if (!row) return undefined
    const { clientId, step, expiresAt, sealed } = sessionRow.read(row)
    const user = userRow.read(row)
    const secret = sealed && (await this.box.open(sealed, user.sub))
    return { sub: user.sub, clientId, step, secret, expiresAt, user }
  }
}
