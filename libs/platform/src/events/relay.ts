import type { Sql } from '../sql/sql.ts'

/** Wakes consumers; its payload is a topic. */
export const BUS_CHANNEL = 'balcao_bus'

const BATCH = 100
// A published row stays this long to recognise an event that is published twice.
const KEEP_DAYS = 30

/** Carries events from the outbox over to their consumers. Rows are claimed with SKIP LOCKED rather than read by
 *  `seq > last`, which would lose those that commit late. @returns whether there may be more */
export async function relayBatch(sql: Sql, now: Date): Promise<boolean> {
  const row = await sql.first<{ carried: number }>(
    `with claimed as (
       select seq, topic, event_id, payload, traceparent from outbox
       where published_at is null and topic in (select topic from bus.subscriptions)
       order by seq limit ${BATCH} for update skip locked
     ), delivered as (
       insert into bus.deliveries (topic, consumer, event_id, payload, traceparent, next_at)
       select topic, consumer, event_id, payload, traceparent, $1
       from claimed join bus.subscriptions using (topic) order by seq
       on conflict do nothing
     ), published as (
       update outbox set published_at = $1 where seq in (select seq from claimed)
     ), told as (
       select pg_notify('${BUS_CHANNEL}', topic) from (select distinct topic from claimed) topics
     )
     select (select count(*) from claimed)::int as carried, (select count(*) from told) as topics`,
    [now],
  )
  return row!.carried === BATCH
}

/** Forgets what was published and handled long ago. */
export async function sweepPublished(sql: Sql, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEEP_DAYS * 86_400_000)
  await sql.run('delete from outbox where published_at < $1', [before])
  await sql.run('delete from inbox where handled_at < $1', [before])
}
