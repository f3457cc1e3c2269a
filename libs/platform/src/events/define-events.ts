import type { Topic, topics } from '@balcao/contracts'
import type { Clock } from '@balcao/kernel'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Metrics } from '../observability/metrics.ts'
import { currentTraceparent } from '../observability/span.ts'
import { toJson } from '../sql/json.ts'
import type { Sql } from '../sql/sql.ts'
import type { EventBus } from './event-bus.ts'

/** Ids, sizes and codes; never a name, an address or what a person typed. */
type Fields = Readonly<Record<string, unknown>>
/** Topics that carry just these fields. */
type TopicOf<F> = { [T in Topic]: F extends z.output<(typeof topics)[T]> ? T : never }[Topic]

/** Something that happens to a business: what is told of it, and to whom. */
export interface EventSpec<F extends Fields> {
  /** The log's sentence and the counter's help. */
  readonly says: string
  /** The counter, where it is not `<service>_<event>_total`. */
  readonly metric?: string
  /** Fields that the counter is counted by: few values, and never of one person. */
  readonly labels?: readonly (keyof F & string)[]
  /** Whether it is written down for an auditor. */
  readonly audit?: boolean
  /** Where other services hear of it; `id` tells the same event told twice. */
  readonly publish?: { readonly topic: TopicOf<F>; id(fields: F): string }
}

/** The fields of an event, as a type: `event<{ videoId: string }>({ says: 'Videos deleted', audit: true })`. */
export const event = <F extends Fields>(spec: EventSpec<F>): EventSpec<F> => spec

// biome-ignore lint/suspicious/noExplicitAny: events of every shape
type Specs = Readonly<Record<string, EventSpec<any>>>

/** One function an event. Awaited, it has written what belongs to the transaction; log and counter follow its commit. */
export type Telling<S extends Specs> = {
  readonly [Name in keyof S]: S[Name] extends EventSpec<infer F>
    ? (...fields: keyof F extends never ? [] : [fields: F]) => Promise<void>
    : never
}

export interface EventPorts {
  readonly sql: Pick<Sql, 'run' | 'transaction' | 'afterCommit'>
  readonly events?: Pick<EventBus, 'publish'>
  readonly log: Pick<Logger, 'info'>
  readonly metrics: Pick<Metrics, 'count'>
  readonly clock: Clock
}

/** Declares what happens to a service. One call tells it to everybody, so that nobody is forgotten: auditor and other
 *  services in the transaction that made it true, log and counter after the commit; what was rolled back did not happen.
 *  An event that is neither audited nor published costs no SQL.
 *  @returns `open`, which gives the functions that tell */
export function defineEvents<const S extends Specs>(service: string, specs: S) {
  return {
    specs,
    open(ports: EventPorts): Telling<S> {
      const tell = Object.entries(specs).map(([name, spec]) => [
        name,
        (fields: Fields = {}) => tellOne(ports, name, spec.metric ?? `${service}_${name}_total`, spec, fields),
      ])
      return Object.fromEntries(tell) as Telling<S>
    },
  }
}

async function tellOne(
  { sql, events, log, metrics, clock }: EventPorts,
  name: string,
  metric: string,
  // biome-ignore lint/suspicious/noExplicitAny: as in Specs
  { says, labels = [], audit, publish }: EventSpec<any>,
  fields: Fields,
): Promise<void> {
  const write = async () => {
    if (audit) {
      await sql.run('insert into audit (at, event, fields, traceparent) values ($1, $2, $3, $4)', [
        clock.now(),
        name,
        toJson(fields),
        currentTraceparent() ?? null,
      ])
    }
    if (publish) await events!.publish(publish.topic, publish.id(fields), fields as never)
  }
  if (audit || publish) await sql.transaction(write)
  sql.afterCommit(() => {
    log.info({ event: name, ...fields }, says)
    metrics.count(metric, says, Object.fromEntries(labels.map((label) => [label, String(fields[label])])))
  })
}
