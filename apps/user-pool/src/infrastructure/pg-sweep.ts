import type { Sql } from '@balcao/platform'

/** Removes what time has made useless. Lockouts and code limits outlive their effect by a day. */
export async function sweep(sql: Sql, now: Date): Promise<void> {
  const dayAgo = new Date(now.getTime() - 24 * 3600 * 1000)
  await sql.run('delete from sessions where expires_at <= $1', [now])
  await sql.run('delete from token_families where expires_at <= $1', [dayAgo])
  await sql.run('delete from codes where expires_at <= $1', [dayAgo])
  await sql.run('delete from lockouts where last_at <= $1', [dayAgo])
  await sql.run('delete from address_windows where ends_at <= $1', [now])
}
