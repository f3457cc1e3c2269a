import type { Route } from '@balcao/contracts'
import type { DynamicModule } from '@nestjs/common'
import type { Part } from './config/config.ts'
import type { Platform } from './platform.ts'

/** Something that runs until it is closed. */
export interface Running {
  close(): Promise<void>
  /** Why it cannot do its work at the moment, in a sentence for the operator; undefined while it can. */
  problem?(): string | undefined
}

/** What a service tells the house about itself; main.ts starts those that SERVICES and ROLE choose. */
export interface Service {
  /** Also the name of its PostgreSQL schema, with `_` for `-`. */
  readonly name: string
  /** `{ '0001_users': 'create table …' }`, forward only. */
  readonly migrations: Readonly<Record<string, string>>
  /** Database connections of its own, so that one service cannot starve another. */
  readonly connections: number
  /** Its HTTP API for the shared port: a Nest module and the contract of its routes. */
  readonly api?: {
    module(platform: Platform, parts: ReadonlySet<Part>): DynamicModule
    readonly routes: Readonly<Record<string, Route>>
  }
  /** A server of its own on a port of its own (the pool, the store). Runs where ROLE is http or all. */
  serve?(platform: Platform): Promise<Running>
  /** Jobs, subscriptions, sweepers. Runs where ROLE is worker or all. */
  work?(platform: Platform): Promise<Running>
}
