import { join, resolve } from 'node:path'
import { AppError } from '@balcao/kernel'
import { type CacheConfig, cacheConfig } from './cache-config.ts'
import { LAST_PORT, readEnv } from './env.ts'
import { isLoopbackHost } from './loopback.ts'
import { type AccessKey, type StoreConfig, storeConfig } from './store-config.ts'

/** What a process is for: `migrate` brings tables up to date and ends. */
export type Role = 'http' | 'worker' | 'all' | 'migrate'

export interface Config {
  readonly platform: 'embedded' | 'server' | 'aws'
  /** Which of the parts that the installation knows this process runs (`SERVICES`). */
  readonly parts: ReadonlySet<string>
  readonly role: Role
  readonly host: string
  readonly ports: {
    readonly http: number
    readonly userPool: number
    readonly objectStore: number
    readonly metrics: number | undefined
  }
  /** Public addresses, without a trailing slash. Never taken from a Host header. */
  readonly urls: { readonly public: string; readonly userPool: string; readonly objectStore: string }
  /** Absolute. */
  readonly dataDir: string
  /** Of everyday work; undefined only in a launcher, which brings its own. */
  readonly databaseUrl: string | undefined
  /** Of whoever may make tables (ROLE=migrate). */
  readonly migrationDatabaseUrl: string | undefined
  readonly cache: CacheConfig
  readonly mailer: { readonly kind: 'mailbox'; readonly dir: string }
  readonly secrets: { readonly kind: 'files'; readonly dir: string }
  readonly region: string
  readonly pool: {
    readonly id: string
    readonly clientId: string
    readonly clientSecret: string
    readonly publicClientId: string
    readonly keys: AccessKey
  }
  readonly store: StoreConfig
  readonly ffmpeg: string | undefined
  readonly logLevel: string
  readonly otlpEndpoint: string | undefined
}

function chosenParts(text: string | undefined, known: readonly string[]): ReadonlySet<string> {
  if (!text) return new Set(known)
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown)
    throw new AppError('invalid', 'config/services', `SERVICES names "${unknown}"; it may name ${known.join(', ')}.`)
  return new Set(names)
}

/** The whole configuration, read once from an environment whose keys have been filled in (generated-keys.ts).
 *  @param parts every part that the installation can run  @throws AppError `config/…` with a sentence that names the variable and the fix */
export function loadConfig(env: Record<string, string | undefined>, parts: readonly string[]): Config {
  const e = readEnv(env)
  const userPoolPort = e.USER_POOL_PORT ?? e.PORT + 1
  const objectStorePort = e.OBJECT_STORE_PORT ?? e.PORT + 2
  const beyond = Object.entries({ 'the user pool': userPoolPort, 'the store': objectStorePort }).find(
    ([, port]) => port > LAST_PORT,
  )
  if (beyond)
    throw new AppError(
      'invalid',
      'config/ports',
      `PORT=${e.PORT} leaves no port for ${beyond[0]}: choose one up to ${LAST_PORT - 2}, or set USER_POOL_PORT and OBJECT_STORE_PORT.`,
    )
  const open = !isLoopbackHost(e.HOST)
  const missing = (['PUBLIC_URL', 'USER_POOL_URL', 'OBJECT_STORE_URL'] as const).filter((name) => !e[name])
  if (open && missing.length > 0) {
    throw new AppError(
      'invalid',
      'config/public_urls',
      `HOST=${e.HOST} opens this machine to others, so the addresses people will use must be given: set ${missing.join(', ')}.`,
    )
  }
  const dataDir = resolve(e.DATA_DIR)
  const local = (p: number) => `http://${e.HOST.includes(':') ? `[${e.HOST}]` : e.HOST}:${p}`
  const objectStore = e.OBJECT_STORE_URL ?? local(objectStorePort)
  return {
    platform: e.PLATFORM,
    parts: chosenParts(e.SERVICES, parts),
    role: e.ROLE,
    host: e.HOST,
    ports: { http: e.PORT, userPool: userPoolPort, objectStore: objectStorePort, metrics: e.METRICS_PORT },
    urls: {
      public: e.PUBLIC_URL ?? local(e.PORT),
      userPool: e.USER_POOL_URL ?? local(userPoolPort),
      objectStore,
    },
    dataDir,
    databaseUrl: e.DATABASE_URL,
    migrationDatabaseUrl: e.MIGRATION_DATABASE_URL ?? e.DATABASE_URL,
    cache: cacheConfig(e),
    mailer: { kind: 'mailbox', dir: join(dataDir, 'mailbox') },
    secrets: { kind: 'files', dir: join(dataDir, 'secrets') },
    region: e.AWS_REGION,
    pool: {
      id: e.COGNITO_USER_POOL_ID,
      clientId: e.COGNITO_CLIENT_ID,
      clientSecret: e.COGNITO_CLIENT_SECRET,
      publicClientId: e.COGNITO_PUBLIC_CLIENT_ID,
      keys: { accessKeyId: e.USER_POOL_ACCESS_KEY_ID, secretAccessKey: e.USER_POOL_SECRET_ACCESS_KEY },
    },
    store: storeConfig(e, objectStore),
    ffmpeg: e.BALCAO_FFMPEG,
    logLevel: e.LOG_LEVEL,
    otlpEndpoint: e.OTEL_EXPORTER_OTLP_ENDPOINT,
  }
}
