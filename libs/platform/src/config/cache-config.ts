import { AppError } from '@balcao/kernel'
import type { Env } from './env.ts'

export interface RedisConfig {
  readonly kind: 'redis'
  readonly host: string
  readonly port: number
  readonly tls: boolean
  /** PEM file of the authorities that the server's certificate may be signed by, where they are not the world's. */
  readonly caFile: string | undefined
  readonly username: string | undefined
  readonly password: string | undefined
}

export type CacheConfig = { readonly kind: 'postgres' } | RedisConfig

const OF_REDIS = ['REDIS_HOST', 'REDIS_PORT', 'REDIS_TLS', 'REDIS_CA_FILE', 'REDIS_USERNAME', 'REDIS_PASSWORD'] as const

/** Where short-lived values are kept: CACHE says it, else REDIS_HOST does, else PLATFORM.
 *  @throws AppError `config/cache` for variables of the one that was not chosen, or one that is missing */
export function cacheConfig(env: Env): CacheConfig {
  const kind = env.CACHE ?? (env.REDIS_HOST || env.PLATFORM !== 'embedded' ? 'redis' : 'postgres')
  if (kind === 'postgres') {
    const stray = OF_REDIS.find((name) => env[name] !== undefined)
    if (stray === undefined) return { kind }
    throw refused(
      stray === 'REDIS_HOST'
        ? 'REDIS_HOST is set and CACHE=postgres: take one of them away.'
        : `${stray} is set but no Redis is chosen: set REDIS_HOST too, or take ${stray} away.`,
    )
  }
  if (!env.REDIS_HOST) {
    throw refused(
      `${env.CACHE ? 'CACHE=redis' : `PLATFORM=${env.PLATFORM}`} keeps its cache in Redis: set REDIS_HOST, or CACHE=postgres.`,
    )
  }
  if (env.REDIS_USERNAME && !env.REDIS_PASSWORD)
    throw refused('REDIS_USERNAME is set without REDIS_PASSWORD: set both.')
  if (env.REDIS_CA_FILE && !env.REDIS_TLS) throw refused('REDIS_CA_FILE is set without REDIS_TLS=true: set both.')
  return {
    kind,
    host: env.REDIS_HOST,
    port: env.REDIS_PORT ?? 6379,
    tls: env.REDIS_TLS ?? false,
    caFile: env.REDIS_CA_FILE,
    username: env.REDIS_USERNAME,
    password: env.REDIS_PASSWORD,
  }
}

const refused = (sentence: string) => new AppError('invalid', 'config/cache', sentence)
