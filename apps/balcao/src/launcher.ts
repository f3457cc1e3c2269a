import { openSync } from 'node:fs'
import { chmod, mkdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Config } from '@balcao/platform'
import { type EmbeddedPostgres, loadConfig, startEmbeddedPostgres, withGeneratedKeys } from '@balcao/platform/open'
import { Child, LONGEST_WAIT } from './child.ts'
import { lockData } from './data-lock.ts'
import { explain } from './explain.ts'
import { assertFree } from './free-ports.ts'
import { root } from './installation.ts'
import { runOnce } from './run-once.ts'
import { PARTS, processPlan } from './services.ts'

const say = (sentence: string) => console.log(sentence)
/** Bytes; a larger one is put aside at the next start. */
const LARGEST_LOG = 50_000_000

async function launch(): Promise<void> {
  const env = await withGeneratedKeys(process.env)
  const config = loadConfig(env, PARTS)
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  // A worker's ffmpeg runs as another user and must be able to pass through; what lies within is private by itself.
  await chmod(config.dataDir, 0o711)

  const stack: (() => Promise<void>)[] = []
  const children: Child[] = []
  let stopping: Promise<void> | undefined
  const stop = (code: number): Promise<void> => {
    stopping ??= (async () => {
      for (const undo of stack.reverse()) await undo().catch((error) => console.error(explain(error)))
      process.exit(code)
    })()
    return stopping
  }
  const onSignal = () => {
    if (stopping) {
      for (const child of children) child.kill()
      return
    }
    say('\nStopping …')
    void stop(0)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  process.on('SIGHUP', onSignal)

  try {
    const database = config.databaseUrl
      ? { databaseUrl: config.databaseUrl, migrationDatabaseUrl: config.migrationDatabaseUrl! }
      : await holdDatabase(config, stack, () => stopping !== undefined)
    const ownStore = config.store.kind === 'embedded' ? [config.ports.objectStore] : []
    await assertFree(config.host, [config.ports.http, config.ports.userPool, ...ownStore])
    const log = await openLog(config)
    const main = join(root, 'dist', 'main.js')
    const shared = { ...env, DATABASE_URL: database.databaseUrl, DATA_DIR: config.dataDir }
    const migrating = { ...shared, MIGRATION_DATABASE_URL: database.migrationDatabaseUrl, ROLE: 'migrate' }
    await runOnce({ name: 'migrate', main, env: migrating, log })
    // They stop in the opposite order: http first, so that nothing new comes.
    for (const [index, { name, ...choice }] of processPlan(config).entries()) {
      const metrics = config.ports.metrics === undefined ? {} : { METRICS_PORT: String(config.ports.metrics + index) }
      const child = new Child({
        name,
        main,
        env: { ...shared, MIGRATION_DATABASE_URL: undefined, ...choice, ...metrics },
        log,
        say,
      })
      children.push(child)
      stack.push(() => child.stop())
    }
    await Promise.all(children.map((child) => child.start()))
  } catch (error) {
    if (!stopping) console.error(`\n${explain(error)}`)
    return stop(1)
  }
  announce(config)
  await warn(config)
}

/** Starts PostgreSQL, locks the data directory, and starts PostgreSQL again whenever it dies, until that succeeds. */
async function holdDatabase(
  config: Config,
  stack: (() => Promise<void>)[],
  stopping: () => boolean,
): Promise<{ databaseUrl: string; migrationDatabaseUrl: string }> {
  let postgres: EmbeddedPostgres
  let lock: { release(): Promise<void> }
  const open = async () => {
    postgres = await startEmbeddedPostgres({ dir: config.dataDir, say })
    lock = await lockData(postgres.url, config.dataDir)
  }
  const reopen = async () => {
    const first = 500
    for (let wait = first; !stopping(); wait = Math.min(wait * 2, LONGEST_WAIT)) {
      try {
        return await open()
      } catch (error) {
        if (wait === first) say(`${explain(error)}\nIt is tried again until it can.`)
        await delay(wait)
      }
    }
  }
  const watch = async () => {
    while (!stopping()) {
      await postgres.ended
      if (stopping()) return
      say('The database stopped unexpectedly; starting it again.')
      await reopen()
    }
  }
  await open()
  void watch()
  stack.push(async () => {
    await lock.release()
    await postgres.stop()
  })
  return { databaseUrl: postgres!.workUrl, migrationDatabaseUrl: postgres!.url }
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

function announce(config: Config): void {
  say(`
  Balcão is ready.

  Page           ${config.urls.public}
  User pool      ${config.urls.userPool}/${config.pool.id}   (Cognito's protocol)
  Object store   ${config.urls.objectStore}   (S3's protocol)
  Data           ${config.dataDir}

  Ctrl-C stops it; everything is kept.`)
}

/** What runs but cannot do its work, such as a worker without ffmpeg. */
async function warn(config: Config): Promise<void> {
  const answer = await fetch(`${config.urls.public}/health/ready`).catch(() => undefined)
  if (!answer || answer.ok) return
  const { dependencies } = (await answer.json()) as {
    dependencies: Record<string, { status: string; detail?: string }>
  }
  for (const [name, { status, detail }] of Object.entries(dependencies)) {
    if (status !== 'up') say(`\n  ${name}: ${detail}`)
  }
}

launch().catch((error) => {
  console.error(explain(error))
  process.exit(1)
})
