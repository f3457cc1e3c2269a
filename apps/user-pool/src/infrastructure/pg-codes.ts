import { timingSafeEqual } from 'node:crypto'
import { randomToken } from '@balcao/kernel'
import type { Sql } from '@balcao/platform'
import type { Codes } from '../application/codes.ts'
import { CODE_SECONDS, CODE_TRIES, SECONDS_BETWEEN_SENDS, SENDS_PER_HOUR } from '../domain/code.ts'
import type { KeyedHash } from './keyed-hash.ts'

/** The codes of one purpose. */
export class PgCodes implements Codes {
  constructor(
    private readonly sql: Sql,
    private readonly hash: KeyedHash,
    private readonly purpose: 'confirm_sign_up',
  ) {}

  async issue(subject: string, code: string, now: Date): Promise<boolean> {
    const issued = await this.sql.run(
      `insert into codes as c (subject, purpose, hash, expires_at, sent_at)
       values ($1, $2, $3, $4::timestamptz + make_interval(secs => $5), array[$4::timestamptz])
       on conflict (subject, purpose) do update set
         hash = excluded.hash, tries = 0, expires_at = excluded.expires_at,
         sent_at = array(select t from unnest(c.sent_at) t where t > $4::timestamptz - interval '1 hour') || $4::timestamptz
       where (select count(*) from unnest(c.sent_at) t where t > $4::timestamptz - interval '1 hour') < $6
         and not exists (select from unnest(c.sent_at) t where t > $4::timestamptz - make_interval(secs => $7))`,
      [subject, this.purpose, this.#of(subject, code), now, CODE_SECONDS, SENDS_PER_HOUR, SECONDS_BETWEEN_SENDS],
    )
    return issued === 1
  }

  async redeem(subject: string, code: string, now: Date): Promise<'right' | 'wrong' | 'expired'> {
    const row = await this.sql.first<{ hash: Buffer }>(
      `update codes set tries = tries + 1
       where subject = $1 and purpose = $2 and hash is not null and tries < $3 and expires_at > $4 returning hash`,
      [subject, this.purpose, CODE_TRIES, now],
    )
    if (!row) return 'expired'
    if (!timingSafeEqual(row.hash, this.#of(subject, code))) return 'wrong'
    const used = await this.sql.run('update codes set hash = null where subject = $1 and purpose = $2 and hash = $3', [
      subject,
      this.purpose,
      row.hash,
    ])
    return used === 1 ? 'right' : 'expired'
  }

  async pretend(subject: string, now: Date): Promise<void> {
    await this.sql.run(
      `insert into codes (subject, purpose, hash, expires_at, sent_at)
       values ($1, $2, $3, $4::timestamptz + make_interval(secs => $5), '{}') on conflict do nothing`,
      [subject, this.purpose, this.#of(subject, randomToken()), now, CODE_SECONDS],
    )
  }

  #of(subject: string, code: string): Buffer {
    return this.hash.of('code', this.purpose, subject, code)
  }
}
