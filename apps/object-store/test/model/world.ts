import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { ManualClock } from '@balcao/kernel'
import type { Platform } from '@balcao/platform'
import { testPlatform } from '@balcao/testing'
import { objectStore } from '../../src/index.ts'
import { handler } from '../../src/interfaces/handler.ts'
import { open } from '../../src/open.ts'
import { Client } from './client.ts'
import { filesOf, leaksOf } from './leaks.ts'
import { look } from './look.ts'
import { Mortal, makeFilesMortal, mortalEvents, mortalSql } from './mortal.ts'
import type { Sight } from './settle.ts'

/** Seconds in which nothing is left of what a dead process had claimed. */
const MOURNING = 11

/** One process of the store. */
export interface Process {
  readonly life: Mortal
  readonly client: Client
  stop(): Promise<void>
}

/** A database and a disk, and the processes of the store that stand on them. */
export class World {
  readonly #running = new Set<Process>()

  private constructor(
    private readonly platform: Platform,
    readonly clock: ManualClock,
  ) {}

  static async open(): Promise<World> {
    makeFilesMortal()
    const clock = new ManualClock()
    return new World(await testPlatform(objectStore, { clock }), clock)
  }

  get buckets(): readonly [announced: string, other: string] {
    const { tempBucket, mediaBucket } = this.platform.config.store
    return [tempBucket, mediaBucket]
  }

  async start(): Promise<Process> {
    const { platform, clock } = this
    const life = new Mortal(() => clock.advance(MOURNING))
    const ground = {
      ...platform,
      sql: mortalSql(platform.sql, life),
      events: mortalEvents(platform.events, life),
    }
    const store = await life.run(() => open(ground))
    const answer = handler(ground, store)
    const server = createServer((req, res) => life.run(() => answer(req, res)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const process: Process = {
      life,
      client: new Client(platform, port, (leftAloneMs) => life.run(() => store.sweep.run(leftAloneMs))),
      stop: async () => {
        life.die()
        this.#running.delete(process)
        await new Promise((resolve) => {
          server.close(resolve)
          server.closeAllConnections()
        })
        await store.close()
      },
    }
    this.#running.add(process)
    return process
  }

  /** All that anybody can see, or is told of. */
  async look({ client }: Process): Promise<Sight> {
    const rows = await this.platform.sql.query<{ payload: { key: string; etag: string } }>('select payload from outbox')
    const told = rows.map(({ payload }) => `told ${payload.key} ${payload.etag}`)
    return [...(await look(client, this.buckets)), ...told].sort()
  }

  leaks(): Promise<string[]> {
    return leaksOf(this.platform)
  }

  /** Ends all processes and forgets everything. */
  async clear(): Promise<void> {
    for (const process of this.#running) await process.stop()
    const { sql } = this.platform
    for (const table of ['objects', 'uploads', 'discarded', 'writing', 'outbox']) await sql.run(`delete from ${table}`)
    for (const { name, parentPath } of filesOf(this.platform.config.dataDir)) rmSync(join(parentPath, name))
  }

  async close(): Promise<void> {
    await this.clear()
    await this.platform.close()
  }
}
