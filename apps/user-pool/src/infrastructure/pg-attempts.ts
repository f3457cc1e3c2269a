import type { Sql } from '@balcao/platform'
import type { Attempt, Attempts } from '../application/attempts.ts'
import { LOCKOUT_SCHEDULE } from '../domain/lockout.ts'
import type { Pool } from '../domain/pool.ts'
import type { KeyedHash } from './keyed-hash.ts'

/** Counts one more in the address's window, or begins a new one. $1 key, $2 now, $3 seconds. */
const COUNT_ADDRESS = `insert into address_windows as w (key, count, ends_at)
  values ($1, 1, $2::timestamptz + make_interval(secs => $3))
  on conflict (key) do update set
    count = case when w.ends_at <= $2 then 1 else w.count + 1 end,
    ends_at = case when w.ends_at <= $2 then excluded.ends_at else w.ends_at end
  returning count`

export class PgAttempts implements Attempts {
  constructor(
    private readonly sql: Sql,
    private readonly limits: Pool['perAddress'],
    private readonly hash: KeyedHash,
  ) {}

  // One statement, so that of guesses in parallel each sees the count of those before it. It locks the address
  // first and the account second, as `succeeded` does: never the other way round.
  async begin({ guess, subject, address }: Attempt, now: Date): Promise<'go' | 'locked' | 'flooded'> {
    const { count, seconds } = this.limits.failures
    const row = await this.sql.first<{ in_window: number; failures: number | null }>(
      `with address as (${COUNT_ADDRESS}), account as (
         insert into lockouts as l (subject, failures, locked_until, last_at)
         select $4, 1, $2::timestamptz + make_interval(secs => ($5::int[])[1]), $2 from address where count <= $6
         on conflict (subject) do update set
           failures = l.failures + 1,
           locked_until =
             $2::timestamptz + make_interval(secs => ($5::int[])[least(l.failures + 1, cardinality($5::int[]))]),
           last_at = $2
         where l.locked_until <= $2
         returning failures
       )
       select (select count from address) as in_window, (select failures from account) as failures`,
      [this.#addressKey('failures', address), now, seconds, `${guess} ${subject}`, LOCKOUT_SCHEDULE, count],
    )
    if (row!.in_window > count) return 'flooded'
    return row!.failures === null ? 'locked' : 'go'
  }

  async succeeded(attempt: Attempt): Promise<void> {
    const { expressions, values } = this.forgiving(attempt, 1)
    await this.sql.query(`with ${expressions} select`, values)
  }

  /** Takes a failure back within a statement that does what the right guess brings: expressions to stand in its `with`,
   *  and the values of `$first` and the next. The address is locked before the account, as in `begin`.
   *  @param right a condition on that statement's other expressions */
  forgiving({ guess, subject, address }: Attempt, first: number, right = 'true') {
    return {
      expressions: `forgiven_address as (
           update address_windows set count = greatest(count - 1, 0) where key = $${first} and ${right} returning key
         ), forgiven as (
           delete from lockouts
           where subject = $${first + 1} and ${right} and (select count(*) from forgiven_address) >= 0
         )`,
      values: [this.#addressKey('failures', address), `${guess} ${subject}`],
    }
  }

  async signUp(address: string, now: Date): Promise<boolean> {
    const { count, seconds } = this.limits.signUps
    const row = await this.sql.first<{ count: number }>(COUNT_ADDRESS, [
      this.#addressKey('sign-ups', address),
      now,
      seconds,
    ])
    return row!.count <= count
  }

  #addressKey(kind: string, address: string): Buffer {
    return this.hash.of('address', kind, networkOf(address))
  }
}

/** What one subscriber holds: an IPv4 address, or the first 64 bits of an IPv6 one. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped || !address.includes(':')) return mapped ?? address
  const [head = '', tail = ''] = address.toLowerCase().split('%')[0]!.split('::')
  const groups = head.split(':').filter(Boolean)
  const after = tail.split(':').filter(Boolean)
  while (groups.length + after.length < 8) groups.push('0')
  return [...groups, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
