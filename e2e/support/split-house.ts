import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@balcao/platform/open'
import { freePort, until } from '@balcao/testing'
import { node, ordinaryEnvironment, root } from './balcao.ts'
import { roundRobin } from './round-robin.ts'

/** What is a deployment of its own on servers. `port` is the variable of the port it listens on. */
const parts = [
  { name: 'user-pool', SERVICES: 'user-pool', ROLE: 'http', port: 'USER_POOL_PORT' },
  { name: 'object-store', SERVICES: 'object-store', ROLE: 'all', port: 'OBJECT_STORE_PORT' },
  { name: 'http', SERVICES: 'auth,video-upload,video-download,web', ROLE: 'http', port: 'PORT' },
  { name: 'worker', SERVICES: 'auth,video-upload,video-download,video-processor', ROLE: 'worker', port: undefined },
] as const
export type PartName = (typeof parts)[number]['name']
export const partNames = parts.map(({ name }) => name)

export interface Part {
  readonly name: string
  readonly process: ChildProcess
  readonly env: Readonly<Record<string, string>>
  output(): string
}

/** Every part as processes of its own on one database and one data directory, behind load balancers; nobody starts
 *  again what ends. */
export class SplitHouse {
  readonly processes: Part[] = []
  readonly #balancers: { close(): Promise<void> }[] = []

  private constructor(
    readonly dir: string,
    readonly url: string,
    readonly postgres: EmbeddedPostgres,
  ) {}

  /** @param copies processes of each part  @param env variables beside those that every part has */
  static async start(
    copies: number,
    env: (name: PartName) => Record<string, string> = () => ({}),
  ): Promise<SplitHouse> {
    const dir = await mkdtemp(join(tmpdir(), 'balcao-split-'))
    const postgres = await startEmbeddedPostgres({ dir: join(dir, 'database') })
    const front = { PORT: await freePort(), USER_POOL_PORT: await freePort(), OBJECT_STORE_PORT: await freePort() }
    const at = (port: number) => `http://127.0.0.1:${port}`
    const house = new SplitHouse(dir, at(front.PORT), postgres)
    const shared = {
      // Of a user who may make and change no table: the migration step has done that as the owner.
      DATABASE_URL: postgres.workUrl,
      DATA_DIR: join(dir, 'data'),
      PUBLIC_URL: house.url,
      USER_POOL_URL: at(front.USER_POOL_PORT),
      OBJECT_STORE_URL: at(front.OBJECT_STORE_PORT),
    }
    await house.migrate({ ...shared, MIGRATION_DATABASE_URL: postgres.url })
    for (const { name, port, ...choice } of parts) {
      const own = await Promise.all(Array.from({ length: copies }, freePort))
      if (port) house.#balancers.push(await roundRobin(front[port], own))
      for (const backend of own) {
        house.run(name, { ...shared, ...choice, ...(port ? { [port]: String(backend) } : {}), ...env(name) })
      }
    }
    await until(() => {
      const dead = house.processes.find(({ process }) => process.exitCode !== null)
      if (dead) throw new Error(`${dead.name} ended: ${dead.output()}`)
      return house.processes.every(isReady)
    }, 60)
    await house.ready()
    return house
  }

  async ready(): Promise<void> {
    await until(async () => (await fetch(`${this.url}/health/ready`)).status === 200, 60)
  }

  /** The step before all others. @throws Error with what it said */
  async migrate(env: Readonly<Record<string, string>>): Promise<void> {
    const step = this.#spawn('migrate', { ...env, ROLE: 'migrate' })
    await once(step.process, 'exit')
    if (step.process.exitCode !== 0) throw new Error(`The migration step ended: ${step.output()}`)
  }

  /** Starts one process. */
  run(name: string, env: Readonly<Record<string, string>>): Part {
    const part = this.#spawn(name, env)
    this.processes.push(part)
    return part
  }

  #spawn(name: string, env: Readonly<Record<string, string>>): Part {
    const child = spawn(node, ['scripts/start.ts'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...ordinaryEnvironment(), ...env },
    })
    let output = ''
    const keep = (chunk: Buffer) => void (output += chunk.toString())
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    return { name, process: child, env, output: () => output }
  }

  /** The first process of a part that still runs. */
  alive(name: PartName): Part | undefined {
    return this.processes.find((part) => part.name === name && !hasEnded(part))
  }

  /** Asks one process to finish, and waits until it has. */
  async stop(part: Part): Promise<void> {
    if (hasEnded(part)) return
    const ended = once(part.process, 'exit')
    part.process.kill('SIGTERM')
    await ended
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((part) => this.stop(part)))
    for (const balancer of this.#balancers) await balancer.close()
    await this.postgres.stop()
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5 })
  }
}

export const isReady = (part: Part): boolean => part.output().includes('Balcão is ready')
export const hasEnded = ({ process }: Part): boolean => process.exitCode !== null || process.signalCode !== null
