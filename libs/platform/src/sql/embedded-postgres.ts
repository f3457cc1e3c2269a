import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { access, chmod, chown, mkdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { AppError } from '@balcao/kernel'
import pg from 'pg'
import { reserveOn } from '../disk-room.ts'
import { postgresBinaries } from './postgres-binaries.ts'
import { type PostgresUser, postgresUser, SYSTEM_PATH } from './postgres-user.ts'

const run = promisify(execFile)
const MiB = 1024 ** 2
/** Owns the database and makes its tables. */
const USER = 'balcao'
/** Of everyday work: may read and write rows, and nothing that changes a table. */
const WORKER = 'balcao_app'
// sun_path is 108 bytes with its terminating zero; PostgreSQL adds "/.s.PGSQL.5432".
const LONGEST_SOCKET_DIR = 107 - '/.s.PGSQL.5432'.length

export interface EmbeddedPostgres {
  /** For `pg`: the database `balcao` over the unix socket, as its owner. */
  readonly url: string
  /** The same as the user of everyday work, who may not make or change tables. */
  readonly workUrl: string
  /** Settles when the server has ended, however that came about. */
  readonly ended: Promise<void>
  /** Fast shutdown: connections are closed, everything committed is on disk. */
  stop(): Promise<void>
}

export interface EmbeddedPostgresOptions {
  /** Holds the cluster, its socket and its log. */
  readonly dir: string
  /** Server settings beside ours. */
  readonly settings?: Readonly<Record<string, string>>
  /** Told what takes long: the first start makes the cluster. */
  readonly say?: (sentence: string) => void
}

/** Starts PostgreSQL out of npm on a unix socket below `dir`, or takes over the one that is already running there.
 *  @throws AppError `postgres/…` with a sentence that says what to do */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = join(options.dir, 'postgres')
  const logFile = join(options.dir, 'postgres.log')
  const user = await postgresUser()
  await mkdir(options.dir, { recursive: true, mode: 0o700 })
  const socketDir = await prepareSocketDir(options.dir, user)
  const url = (database: string, user = USER) =>
    `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(socketDir)}`
  const urls = { url: url(USER), workUrl: url(USER, WORKER) }

  const running = await livePostmaster(cluster, url('postgres'))
  if (running !== undefined) {
    await createDatabase(url('postgres'))
    return adopt(running, urls)
  }

  const bin = await postgresBinaries()
  const environment = { PATH: SYSTEM_PATH, TZ: 'UTC', LC_ALL: 'C' }
  if (!(await exists(join(cluster, 'PG_VERSION')))) {
    options.say?.('Creating the database (once) …')
    await createCluster(bin, cluster, user, environment)
  }

  const wal = await roomOfWal(cluster)
  const settings: Record<string, string> = {
    // What the log of writes has taken of the disk it keeps and writes over: without it a full disk ends the server.
    min_wal_size: wal,
    max_wal_size: wal,
    listen_addresses: '',
    unix_socket_directories: socketDir,
    unix_socket_permissions: '0700',
    timezone: 'UTC',
    max_connections: '200',
    ...options.settings,
  }
  const log = openSync(logFile, 'a', 0o600)
  const [command, ...rest] = [...user.prefix, join(bin, 'postgres'), '-D', cluster]
  const child = spawn(
    command!,
    [...rest, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      cwd: options.dir,
      env: environment,
      stdio: ['ignore', log, log],
      detached: true, // Ctrl-C reaches the whole group; the launcher stops the database last
    },
  )
  closeSync(log)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await untilReady(url('postgres'), child, logFile)
  await createDatabase(url('postgres'))
  return { ...urls, ended, stop: () => stopProcess(child.pid!, ended) }
}

/** Half of what is left alone of the disk, within what PostgreSQL takes and needs. */
async function roomOfWal(cluster: string): Promise<string> {
  const half = (await reserveOn(cluster)) / 2 / MiB
  return `${Math.round(Math.min(256, Math.max(32, half)))}MB`
}

async function prepareSocketDir(dir: string, user: PostgresUser): Promise<string> {
  const near = join(dir, 'socket')
  // A name that the same data directory always finds again, for starts after a crash.
  const short = join(tmpdir(), `balcao-${createHash('sha256').update(dir).digest('hex').slice(0, 16)}`)
  const chosen = Buffer.byteLength(near) <= LONGEST_SOCKET_DIR ? near : short
  await mkdir(chosen, { recursive: true, mode: 0o700 })
  await chmod(chosen, 0o700)
  if (user.owner) await chown(chosen, user.owner.uid, user.owner.gid)
  return chosen
}

async function createCluster(
  bin: string,
  cluster: string,
  user: PostgresUser,
  env: Record<string, string>,
): Promise<void> {
  await mkdir(cluster, { recursive: true, mode: 0o700 })
  if (user.owner) await chown(cluster, user.owner.uid, user.owner.gid)
  const [command, ...rest] = [...user.prefix, join(bin, 'initdb')]
  const locale = ['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  try {
    // Access to the socket's folder (0700) is the authentication.
    await run(command!, [...rest, '-D', cluster, '-U', USER, '-A', 'trust', ...locale], { cwd: '/', env })
  } catch (error) {
    await rm(cluster, { recursive: true, force: true })
    throw cannotStart(String((error as { stderr?: string }).stderr ?? (error as Error).message))
  }
}

/** The pid of a server that runs on this cluster and answers; waits while one is still shutting down. */
async function livePostmaster(cluster: string, url: string): Promise<number | undefined> {
  for (;;) {
    const pid = Number.parseInt(await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => ''), 10)
    if (!pid || !isPostgres(await commandName(pid))) return undefined
    if (await answers(url)) return pid
    await delay(50)
  }
}

/** Linux tells it without `ps`, which small images lack. */
const commandName = (pid: number) =>
  readFile(`/proc/${pid}/comm`, 'utf8')
    .catch(() => run('ps', ['-o', 'comm=', '-p', String(pid)]).then(({ stdout }) => stdout))
    .catch(() => '')
const isPostgres = (name: string) => name.includes('postgres')

function adopt(pid: number, urls: Pick<EmbeddedPostgres, 'url' | 'workUrl'>): EmbeddedPostgres {
  const ended = (async () => {
    while (alive(pid)) await delay(250)
  })()
  return { ...urls, ended, stop: () => stopProcess(pid, ended) }
}

async function untilReady(url: string, child: ChildProcess, logFile: string): Promise<void> {
  const exited = once(child, 'exit').then(async () => {
    throw cannotStart(await lastLines(logFile))
  })
  const failed = once(child, 'error').then(([error]) => {
    throw cannotStart(String(error))
  })
  const ready = (async () => {
    while (!(await answers(url))) {
      // It ended: why is read from its log, which takes longer than seeing that.
      if (child.exitCode !== null || child.signalCode !== null) return exited
      await delay(20)
    }
  })()
  await Promise.race([ready, exited, failed])
  exited.catch(() => undefined)
  failed.catch(() => undefined)
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [USER])
    if (!rowCount) await client.query(`create database ${USER}`)
    const role = await client.query('select 1 from pg_roles where rolname = $1', [WORKER])
    if (!role.rowCount) await client.query(`create role ${WORKER} login`)
  } finally {
    await client.end()
  }
}

async function stopProcess(pid: number, ended: Promise<void>): Promise<void> {
  if (!alive(pid)) return
  process.kill(pid, 'SIGINT')
  // SIGQUIT loses nothing that was committed; recovery only takes a little longer.
  const impatient = setTimeout(() => alive(pid) && process.kill(pid, 'SIGQUIT'), 15_000)
  await ended
  clearTimeout(impatient)
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

async function lastLines(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).trim().split('\n').slice(-6).join('\n')
}

function cannotStart(output: string): AppError {
  const full = /No space left on device/i.test(output)
  return new AppError(
    'unavailable',
    full ? 'postgres/disk_full' : 'postgres/cannot_start',
    full
      ? 'The database cannot start: the disk is full. Free some space and start again; nothing was lost.'
      : `The database cannot start. It said:\n${output}\nMend that, or set DATABASE_URL to a PostgreSQL 15 or newer.`,
  )
}
