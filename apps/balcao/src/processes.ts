import { openSync } from 'node:fs'
import { chmod, mkdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config, Role } from '@balcao/platform'
import { Child } from './child.ts'
import { assertFree } from './free-ports.ts'
import { holdDatabase } from './hold-database.ts'
import { root } from './installation.ts'
import { runOnce } from './run-once.ts'

/** Bytes; a larger one is put aside at the next start. */
const LARGEST_LOG = 50_000_000

/** A process that is to run: its name, which parts, and in which role. */
export interface PlannedProcess {
  readonly name: string
  readonly SERVICES: string
  readonly ROLE: Role
  /** Whether those that answer people go first: it moves bytes in bulk, or computes for long. */
  readonly stepsBack?: boolean
}

/** Processes of ours on one database, ours too where none is given; each is started again whenever it dies. They stop
 *  in the opposite order of the plan: http first, so that nothing new comes. */
export class Processes {
  readonly #undo: (() => Promise<void>)[] = []
  readonly #children: Child[] = []
  readonly #say: (sentence: string) => void
  #stopping: Promise<void> | undefined

  constructor(say: (sentence: string) => void) {
    this.#say = say
  }

  /** @param env what each of them gets  @param ports those that must be free
   *  @throws the error of the first thing that could not be started; `stop` ends what was */
  async start(
    config: Config,
    env: Readonly<Record<string, string | undefined>>,
    plan: readonly PlannedProcess[],
    ports: readonly number[],
  ): Promise<void> {
    await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
    // A worker's ffmpeg runs as another user and must be able to pass through; what lies within is private by itself.
    await chmod(config.dataDir, 0o711)
    const database = await this.#database(config)
    await assertFree(config.host, ports)
    const log = await openLog(config)
    const main = join(root, 'dist', 'main.js')
    const shared = { ...env, DATABASE_URL: database.databaseUrl, DATA_DIR: config.dataDir }
    const migrating = { ...shared, MIGRATION_DATABASE_URL: database.migrationDatabaseUrl, ROLE: 'migrate' }
    await runOnce({ name: 'migrate', main, env: migrating, log })
    for (const [index, { name, stepsBack = false, ...choice }] of plan.entries()) {
      const metrics = config.ports.metrics === undefined ? {} : { METRICS_PORT: String(config.ports.metrics + index) }
      const own = { ...shared, MIGRATION_DATABASE_URL: undefined, ...choice, ...metrics }
      const child = new Child({ name, main, env: own, log, stepsBack, say: this.#say })
      this.#children.push(child)
      this.#undo.push(() => child.stop())
    }
    await Promise.all(this.#children.map((child) => child.start()))
  }

  get isStopping(): boolean {
    return this.#stopping !== undefined
  }

  /** Ends all of them, once, whoever asks. @param onError told of each that did not end well */
  stop(onError: (error: unknown) => void): Promise<void> {
    this.#stopping ??= this.#end(onError)
    return this.#stopping
  }

  async #end(onError: (error: unknown) => void): Promise<void> {
    for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop()) await undo().catch(onError)
  }

  kill(): void {
    for (const child of this.#children) child.kill()
  }

  async #database({ databaseUrl, migrationDatabaseUrl, dataDir }: Config) {
    if (databaseUrl) return { databaseUrl, migrationDatabaseUrl: migrationDatabaseUrl! }
    const held = await holdDatabase(dataDir, this.#say, () => this.isStopping)
    this.#undo.push(() => held.release())
    return held
  }
}

/** A person at a terminal reads sentences, not JSON: there the log goes to a file. Piped, it stays in the stream. */
async function openLog(config: Config): Promise<number | 'inherit'> {
  if (!process.stdout.isTTY) return 'inherit'
  const file = join(config.dataDir, 'balcao.log')
  const size = await stat(file).then(
    (info) => info.size,
    () => 0,
  )
  if (size > LARGEST_LOG) await rename(file, `${file}.1`)
  return openSync(file, 'a', 0o600)
}
