import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock } from '@balcao/kernel'
import { objectStore } from '@balcao/object-store'
import type { PlatformOf, Running } from '@balcao/platform'
import { type EmbeddedPostgres, openPlatform, startEmbeddedPostgres } from '@balcao/platform/open'
import { freePort, testConfig, until } from '@balcao/testing'
import { Client } from '../../apps/object-store/test/model/client.ts'
import { leaksOf } from '../../apps/object-store/test/model/leaks.ts'
import { node, ordinaryEnvironment, root } from './balcao.ts'

const START_SECONDS = 60
const HOUR = 3600

type Outside = PlatformOf<'sql' | 'events' | 'scheduler'> & Running

/** The store alone, as a process that may be killed and started again; and its database and disk, to look at what that
 *  leaves. */
export class StoreProcess {
  #process: ChildProcess | undefined
  #output = ''

  private constructor(
    private readonly dir: string,
    private readonly postgres: EmbeddedPostgres,
    private readonly outside: Outside,
    private readonly env: Readonly<Record<string, string>>,
    readonly client: Client,
  ) {}

  static async start(): Promise<StoreProcess> {
    const dir = await mkdtemp(join(tmpdir(), 'balcao-store-'))
    const postgres = await startEmbeddedPostgres({ dir: join(dir, 'database') })
    const env = { DATA_DIR: join(dir, 'data'), OBJECT_STORE_PORT: String(await freePort()), SERVICES: 'object-store' }
    await once(spawnStore({ ...env, DATABASE_URL: postgres.url, ROLE: 'migrate' }), 'exit')
    const { config, remove } = await testConfig(postgres.url, env)
    await remove()
    const outside = await openPlatform(config, objectStore)
    const client = new Client(outside, config.ports.objectStore)
    const store = new StoreProcess(dir, postgres, outside, { ...env, DATABASE_URL: postgres.url, ROLE: 'all' }, client)
    store.#spawn()
    await store.ready()
    return store
  }

  get bucket(): string {
    return this.outside.config.store.mediaBucket
  }

  ready(): Promise<true> {
    return until(async () => {
      if (this.#process!.exitCode) throw new Error(`The store ended: ${this.#output}`)
      return (await this.client.send('GET', this.bucket, { query: { location: '' } })).code === 'ok'
    }, START_SECONDS)
  }

  /** Another process takes the place of the killed one, and sweeps as soon as it runs. */
  async killAndStart(): Promise<void> {
    await this.#end('SIGKILL')
    const { sql } = this.outside
    await sql.run('update schedules set next_run = now(), leased_until = null')
    // A sweep has something to do: what was discarded and not removed is old enough.
    await sql.run(`update discarded set at = at - interval '1 hour'`)
    this.#spawn()
  }

  /** As if these uploads had been left alone for a week. */
  async age(prefix: string): Promise<void> {
    const { sql } = this.outside
    const old = `created_at = created_at - interval '8 days'`
    await sql.run(`update parts set ${old} where upload_id in (select id from uploads where starts_with(key, $1))`, [
      prefix,
    ])
    await sql.run(`update uploads set ${old} where starts_with(key, $1)`, [prefix])
  }

  /** Stops the process for good, sweeps, and tells what is there that nobody needs. */
  async leaks(): Promise<string[]> {
    await this.#end('SIGTERM')
    const clock = new ManualClock(new Date())
    clock.advance(HOUR)
    const { open } = await import('../../apps/object-store/src/open.ts')
    const store = await open({ ...this.outside, clock })
    await store.sweep.run(0)
    await store.close()
    return leaksOf(this.outside)
  }

  async close(): Promise<void> {
    await this.#end('SIGKILL')
    await this.outside.close()
    await this.postgres.stop()
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5 })
  }

  #spawn(): void {
    const child = spawnStore(this.env)
    const keep = (chunk: Buffer) => void (this.#output += chunk.toString())
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    this.#process = child
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process!
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
}

const spawnStore = (env: Readonly<Record<string, string>>) =>
  spawn(node, ['scripts/start.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...ordinaryEnvironment(), ...env },
  })
