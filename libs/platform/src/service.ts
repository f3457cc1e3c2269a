import type { Route, Topic, topics } from '@balcao/contracts'
import type { AppError } from '@balcao/kernel'
import type { z } from 'zod'
import type { Config } from './config/config.ts'
import type { Queues, WorkOptions } from './jobs/job-queue.ts'
import type { Ground, PlatformOf, PortName, Running } from './platform.ts'
import type { Migrations } from './sql/migrations.ts'

/** What is needed to reach a service's tables. */
export interface ServiceIdentity {
  /** Also the name of its PostgreSQL schema, with `_` for `-`. */
  readonly name: string
  /** Database connections of its own, so that one service cannot starve another. */
  readonly connections: number
  /** Forward only; loaded when tables are made or checked. */
  migrations(): Promise<Migrations>
  /** What its queues carry. */
  readonly queues: Queues
}

/** How the messages of one queue are worked on. */
export interface Work<UseCases, Data> extends WorkOptions {
  /** Of SERVICES: only processes that run this part take messages. */
  readonly part: string
  /** Why nothing can be taken at the moment, in a sentence for the operator; asked at the start, and every half a minute
   *  while there is such a reason. */
  ready?(useCases: UseCases): Promise<string | undefined>
  handle(useCases: UseCases, data: Data, signal: AbortSignal): Promise<void>
}

/** A task that is repeated in one process at a time. Its name in `schedules` is stable: it is how processes agree. */
export interface Scheduled<UseCases> {
  readonly everySeconds: number
  run(useCases: UseCases): Promise<unknown>
}

/** What is done with the events of a topic. */
export interface Subscription<UseCases, Event> {
  /** Stable: each consumer gets every event once. */
  readonly consumer: string
  handle(useCases: UseCases, event: Event): Promise<unknown>
}

/** A number that is read whenever somebody asks for the metrics of a process that runs `part`. */
export interface Gauge<UseCases> {
  readonly part: string
  readonly help: string
  read(useCases: UseCases): number | Promise<number>
}

/** A service, as data: the http process, workers, the migration step, health and deployments read this one object.
 *  `open`, controllers and migrations load only where they are used. */
export interface Service<Needs extends PortName, UseCases, Q extends Queues> extends ServiceIdentity {
  /** Its names in SERVICES: what can be deployed apart. */
  readonly parts: readonly string[]
  /** Whether an installation of this configuration has the service at all: not, where it uses somebody else's instead. */
  runs?(config: Config): boolean
  /** The ports that `open` gets; no other is opened for it. */
  readonly needs: readonly Needs[]
  readonly queues: Q
  /** Every way in which it says no. */
  readonly refusals?: Readonly<Record<string, (...details: never[]) => AppError>>
  /** The use cases: the only wiring, run once in a process. What `close` they have is called at the end. */
  open(platform: PlatformOf<Needs>): Promise<UseCases>
  readonly routes?: Readonly<Record<string, Route>>
  /** Nest's controllers by part; they get the use cases as USE_CASES. */
  readonly http?: Readonly<Record<string, () => Promise<readonly (new (...needs: never[]) => object)[]>>>
  /** A server of its own on a port of its own; `address` is where others reach it, and it tells how it is at `/_health`.
   *  Runs where ROLE is http or all. */
  serve?(useCases: UseCases, ground: Ground): Promise<Running>
  address?(config: Config): string
  /** That port. */
  listens?(config: Config): number
  /** A handler for every queue. Runs where ROLE is worker or all, as do schedules and topics. */
  readonly work: { readonly [Name in keyof Q]: Work<UseCases, z.infer<Q[Name]>> }
  readonly schedules?: Readonly<Record<string, Scheduled<UseCases>>>
  readonly topics?: { readonly [T in Topic]?: Subscription<UseCases, z.infer<(typeof topics)[T]>> }
  readonly gauges?: Readonly<Record<string, Gauge<UseCases>>>
}

// biome-ignore lint/suspicious/noExplicitAny: a list of services holds ones of every kind; each was checked where it was defined.
export type AnyService = Service<any, any, any>

/** Checks a service against its own types: that it opens with the ports it names, works on every queue it has, and
 *  handles what its queues and topics carry. */
export function defineService<const Needs extends PortName, UseCases, const Q extends Queues>(
  service: Service<Needs, UseCases, Q>,
): Service<Needs, UseCases, Q> {
  return service
}
