import { resolve } from 'node:path'
import { AppError } from '@balcao/kernel'
import { z } from 'zod'

/** Every part that `SERVICES` may name. */
export const PARTS = [
  'user-pool',
  'object-store',
  'auth',
  'video-upload',
  'video-download',
  'video-processor',
  'web',
] as const
export type Part = (typeof PARTS)[number]
export type Role = 'http' | 'worker' | 'all'

const port = z.coerce.number().int().min(0).max(65535)
const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''))

const Env = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(3000),
  USER_POOL_PORT: port.optional(),
  OBJECT_STORE_PORT: port.optional(),
  PUBLIC_URL: url.optional(),
  USER_POOL_URL: url.optional(),
  OBJECT_STORE_URL: url.optional(),
  DATA_DIR: z.string().default('data'),
  DATABASE_URL: z.string().optional(),
  REDIS_HOST: z.string().optional(),
  REDIS_PORT: port.optional(),
  SERVICES: z.string().optional(),
  ROLE: z.enum(['http', 'worker', 'all']).default('all'),
  PLATFORM: z.enum(['embedded', 'server', 'aws']).default('embedded'),
  METRICS_PORT: port.optional(),
  BALCAO_FFMPEG: z.string().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
  AWS_REGION: z.string().default('sa-east-1'),
  COGNITO_USER_POOL_ID: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d_[A-Za-z0-9]{9}$/),
  COGNITO_CLIENT_ID: z.string().regex(/^[a-z0-9]{26}$/),
  COGNITO_CLIENT_SECRET: z.string().min(24),
  COGNITO_PUBLIC_CLIENT_ID: z.string().regex(/^[a-z0-9]{26}$/),
  USER_POOL_ACCESS_KEY_ID: z.string().min(16),
  USER_POOL_SECRET_ACCESS_KEY: z.string().min(16),
  OBJECT_STORE_ACCESS_KEY_ID: z.string().min(16),
  OBJECT_STORE_SECRET_ACCESS_KEY: z.string().min(16),
  MEDIA_BUCKET: z.string().default('balcao-media'),
  TEMP_BUCKET: z.string().default('video-temp-conversion'),
})

export interface AccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface Config {
  readonly platform: 'embedded' | 'server' | 'aws'
  readonly parts: ReadonlySet<Part>
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
  readonly databaseUrl: string | undefined
  readonly region: string
  readonly pool: {
    readonly id: string
    readonly clientId: string
    readonly clientSecret: string
    readonly publicClientId: string
    readonly keys: AccessKey
  }
  readonly store: { readonly keys: AccessKey; readonly mediaBucket: string; readonly tempBucket: string }
  readonly ffmpeg: string | undefined
  readonly logLevel: string
  readonly otlpEndpoint: string | undefined
}

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)

/** Whether an address answers on this machine only. */
export function isLoopbackUrl(address: string): boolean {
  return isLoopback(new URL(address).hostname.replace(/^\[|\]$/g, ''))
}

function chosenParts(text: string | undefined): ReadonlySet<Part> {
  if (!text) return new Set(PARTS)
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  const unknown = names.find((name) => !(PARTS as readonly string[]).includes(name))
  if (unknown)
    throw new AppError('invalid', 'config/services', `SERVICES names "${unknown}"; it may name ${PARTS.join(', ')}.`)
  return new Set(names as Part[])
}

/** The whole configuration, read once from an environment whose keys have been filled in (generated-keys.ts).
 *  @throws AppError `config/…` with a sentence that names the variable and the fix */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = Env.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new AppError('invalid', 'config/invalid', `${issue.path.join('.')} is not right: ${issue.message}.`)
  }
  const e = parsed.data
  const userPoolPort = e.USER_POOL_PORT ?? e.PORT + 1
  const objectStorePort = e.OBJECT_STORE_PORT ?? e.PORT + 2
  const open = !isLoopback(e.HOST)
  const missing = (['PUBLIC_URL', 'USER_POOL_URL', 'OBJECT_STORE_URL'] as const).filter((name) => !e[name])
  if (open && missing.length > 0) {
    throw new AppError(
      'invalid',
      'config/public_urls',
      `HOST=${e.HOST} opens this machine to others, so the addresses people will use must be given: set ${missing.join(', ')}.`,
    )
  }
  const local = (p: number) => `http://${e.HOST.includes(':') ? `[${e.HOST}]` : e.HOST}:${p}`
  return {
    platform: e.PLATFORM,
    parts: chosenParts(e.SERVICES),
    role: e.ROLE,
    host: e.HOST,
    ports: { http: e.PORT, userPool: userPoolPort, objectStore: objectStorePort, metrics: e.METRICS_PORT },
    urls: {
      public: e.PUBLIC_URL ?? local(e.PORT),
      userPool: e.USER_POOL_URL ?? local(userPoolPort),
      objectStore: e.OBJECT_STORE_URL ?? local(objectStorePort),
    },
    dataDir: resolve(e.DATA_DIR),
    databaseUrl: e.DATABASE_URL,
    region: e.AWS_REGION,
    pool: {
      id: e.COGNITO_USER_POOL_ID,
      clientId: e.COGNITO_CLIENT_ID,
      clientSecret: e.COGNITO_CLIENT_SECRET,
      publicClientId: e.COGNITO_PUBLIC_CLIENT_ID,
      keys: { accessKeyId: e.USER_POOL_ACCESS_KEY_ID, secretAccessKey: e.USER_POOL_SECRET_ACCESS_KEY },
    },
    store: {
      keys: { accessKeyId: e.OBJECT_STORE_ACCESS_KEY_ID, secretAccessKey: e.OBJECT_STORE_SECRET_ACCESS_KEY },
      mediaBucket: e.MEDIA_BUCKET,
      tempBucket: e.TEMP_BUCKET,
    },
    ffmpeg: e.BALCAO_FFMPEG,
    logLevel: e.LOG_LEVEL,
    otlpEndpoint: e.OTEL_EXPORTER_OTLP_ENDPOINT,
  }
}
