import { AppError } from '@balcao/kernel'
import { z } from 'zod'

/** What a service that Kubernetes calls `redis` puts into every container: `REDIS_PORT=tcp://10.0.0.1:6379`. */
const INJECTED = /^tcp:\/\//

export const LAST_PORT = 65535
const port = z
  .string()
  .refine((text) => !INJECTED.test(text), {
    error:
      'it holds an address that Kubernetes sets for a Service of that name; set it to a port number, or give the pod enableServiceLinks: false',
  })
  .transform(Number)
  .pipe(z.int(`it must be a port: a number from 0 to ${LAST_PORT}`).min(0).max(LAST_PORT))
const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''))
const flag = z.enum(['true', 'false']).transform((text) => text === 'true')

/** Which store keeps the objects, and how it is reached: true of that one alone. */
const ofStore = {
  OBJECT_STORE: z.enum(['embedded', 's3']).optional(),
  OBJECT_STORE_URL: url.optional(),
  OBJECT_STORE_ENDPOINT: url.optional(),
  OBJECT_STORE_ACCESS_KEY_ID: z.string().optional(),
  OBJECT_STORE_SECRET_ACCESS_KEY: z.string().optional(),
  STORE_EVENTS_QUEUE_URL: url.optional(),
  STORE_EVENTS_TOKEN: z.string().min(32).optional(),
}
export const isOfStore = (name: string): boolean => Object.hasOwn(ofStore, name)

/** The variables, flat, as they are written. */
const Env = z.object({
  ...ofStore,
  HOST: z.string().default('127.0.0.1'),
  PORT: port.prefault('3000'),
  USER_POOL_PORT: port.optional(),
  OBJECT_STORE_PORT: port.optional(),
  PUBLIC_URL: url.optional(),
  USER_POOL_URL: url.optional(),
  DATA_DIR: z.string().default('data'),
  DATABASE_URL: z.string().optional(),
  MIGRATION_DATABASE_URL: z.string().optional(),
  CACHE: z.enum(['postgres', 'redis']).optional(),
  REDIS_HOST: z.string().optional(),
  REDIS_PORT: port.optional(),
  REDIS_TLS: flag.optional(),
  REDIS_CA_FILE: z.string().optional(),
  REDIS_USERNAME: z.string().optional(),
  REDIS_PASSWORD: z.string().optional(),
  SERVICES: z.string().optional(),
  ROLE: z.enum(['http', 'worker', 'all', 'migrate']).default('all'),
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
  MEDIA_BUCKET: z.string().default('balcao-media'),
  TEMP_BUCKET: z.string().default('video-temp-conversion'),
})
export type Env = z.infer<typeof Env>

/** The variables that are ours, each in its form. An empty one counts as not set.
 *  @throws AppError `config/invalid` that names the variable */
export function readEnv(env: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = Env.safeParse(given)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new AppError('invalid', 'config/invalid', `${issue.path.join('.')} is not right: ${issue.message}.`)
}
