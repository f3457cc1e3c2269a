import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, until } from '@balcao/testing'
import { processesOf, type RunningProcess } from './processes.ts'

export const root = join(import.meta.dirname, '..', '..')
const pinned = join(root, 'node_modules', '.bin', 'node')
export const node = existsSync(pinned) ? pinned : process.execPath

/** What a terminal gives a program: nothing of the test run's own environment. */
export function ordinaryEnvironment(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR, LANG } = process.env
  return { HOME, TMPDIR, LANG, PATH: `${join(root, 'node_modules', '.bin')}:${PATH}` }
}

/** Of which most is making the database. */
const START_SECONDS = 60

export interface BalcaoOptions {
  readonly dataDir?: string
  readonly env?: Readonly<Record<string, string>>
}

/** One installation, started the way `npm start` does: real processes, ports and a data directory of its own.
 *  It can be stopped, killed and started again on the same data. */
export class Balcao {
  #process: ChildProcess | undefined
  #exit: Promise<number> | undefined
  #output = ''

  private constructor(
    readonly dataDir: string,
    readonly ports: { readonly http: number; readonly userPool: number; readonly objectStore: number },
    readonly env: Readonly<Record<string, string>>,
  ) {}

  /** An installation that does not run yet. */
  static async prepare({ dataDir, env = {} }: BalcaoOptions = {}): Promise<Balcao> {
    const ports = { http: await freePort(), userPool: await freePort(), objectStore: await freePort() }
    return new Balcao(dataDir ?? (await mkdtemp(join(tmpdir(), 'balcao-e2e-'))), ports, env)
  }

  get url(): string {
    return this.env.PUBLIC_URL ?? `http://127.0.0.1:${this.ports.http}`
  }
  get userPoolUrl(): string {
    return `http://127.0.0.1:${this.ports.userPool}`
  }
  get objectStoreUrl(): string {
    return `http://127.0.0.1:${this.ports.objectStore}`
  }
  /** Everything that was written to the terminal since the last start. */
  get output(): string {
    return this.#output
  }
  /** What its programs are started with. */
  get environment(): Record<string, string | undefined> {
    return {
      ...ordinaryEnvironment(),
      PORT: String(this.ports.http),
      USER_POOL_PORT: String(this.ports.userPool),
      OBJECT_STORE_PORT: String(this.ports.objectStore),
      DATA_DIR: this.dataDir,
      ...this.env,
    }
  }
  get pid(): number {
    return this.#process!.pid!
  }

  /** Starts it and does not wait. @returns its exit code, when it ends */
  launch(): Promise<number> {
    const child = spawn(node, ['scripts/start.ts'], {
      cwd: root,
      // A process group of its own stands for the terminal: what Ctrl-C reaches.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.environment,
    })
    this.#process = child
    this.#output = ''
    const keep = (chunk: Buffer) => void (this.#output += chunk.toString())
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    this.#exit = new Promise((resolve) => child.once('exit', (code) => resolve(code ?? -1)))
    return this.#exit
  }

  /** Starts it and waits until it is ready. @throws Error with what it wrote, when it ends instead */
  async start(): Promise<void> {
    let ended: number | undefined
    void this.launch().then((code) => (ended = code))
    await until(async () => {
      if (ended !== undefined) throw new Error(`Balcão ended (${ended}) instead of starting:\n${this.output}`)
      return this.output.includes('Balcão is ready')
    }, START_SECONDS).catch((error) => {
      throw new Error(`${error.message}\n${this.output.slice(-4000)}`)
    })
    await this.ready()
  }

  /** Waits until every part answers. */
  async ready(seconds = 60): Promise<void> {
    await until(async () => (await fetch(`${this.url}/health/ready`)).status === 200, seconds)
  }

  /** Ctrl-C. @returns the exit code */
  async stop(): Promise<number> {
    process.kill(-this.pid, 'SIGINT')
    return this.#exit!
  }

  /** kill -9 of the launcher alone; returns when nothing of the installation runs any more. */
  async killLauncher(): Promise<void> {
    process.kill(this.pid, 'SIGKILL')
    await this.#exit
    await until(async () => (await this.processes()).length === 0, 40).catch(async () => {
      throw new Error(`still running: ${JSON.stringify(await this.processes())}`)
    })
  }

  processes(): Promise<RunningProcess[]> {
    return processesOf(this.dataDir)
  }

  /** The process of one part: `user-pool`, `object-store`, `worker`, `http`, or `postgres`. */
  async find(name: string): Promise<number | undefined> {
    const all = await this.processes()
    const same = all.filter((process) => process.name === name)
    // PostgreSQL's helpers carry its name; the server is the one whose parent is another program.
    return same.find(({ parent }) => !same.some(({ pid }) => pid === parent))?.pid
  }

  /** kill -9 of one part; returns when another process has taken its place and everything answers. */
  async kill(name: string): Promise<void> {
    const before = await until(() => this.find(name))
    process.kill(before, 'SIGKILL')
    await until(async () => {
      const now = await this.find(name)
      return now !== undefined && now !== before
    }, 60)
    await this.ready()
  }

  /** Stops what still runs and forgets the data. */
  async remove(): Promise<void> {
    if (this.#process && this.#process.exitCode === null && this.#process.signalCode === null) await this.stop()
    for (const { pid } of await this.processes()) process.kill(pid, 'SIGKILL')
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A fresh installation that is ready. */
export async function startBalcao(options: BalcaoOptions = {}): Promise<Balcao> {
  const balcao = await Balcao.prepare(options)
  await balcao.start().catch(async (error) => {
    await balcao.remove()
    throw error
  })
  return balcao
}
