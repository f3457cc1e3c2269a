import { readFile } from 'node:fs/promises'
import { AppError } from '@balcao/kernel'
import { createClient } from '@redis/client'
import type { Logger } from 'pino'
import type { RedisConfig } from '../config/cache-config.ts'
import type { Sql } from '../sql/sql.ts'
import type { Cache } from './cache.ts'
import { assertOutside } from './outside-transactions.ts'

const PATIENCE_MS = 2000

type Client = ReturnType<typeof connect>

/** Cache on a Redis (or what speaks its protocol, from version 6.2 on: GETDEL). */
export class RedisCache implements Cache {
  readonly #client: Client
  readonly #prefix: string
  readonly #sql: Pick<Sql, 'inTransaction'>

  private constructor(client: Client, prefix: string, sql: Pick<Sql, 'inTransaction'>) {
    this.#client = client
    this.#prefix = prefix
    this.#sql = sql
  }

  /** @param options.prefix of every key: several services share a Redis
   *  @throws AppError `cache/unavailable` where it does not answer or refuses the password */
  static async open(
    config: RedisConfig,
    { prefix, sql, log }: { prefix: string; sql: Pick<Sql, 'inTransaction'>; log: Logger },
  ): Promise<RedisCache> {
    const ca = config.caFile === undefined ? undefined : await readFile(config.caFile, 'utf8')
    const client = connect(config, ca)
    client.on('error', (error: unknown) => log.warn({ err: error }, 'the connection to Redis broke'))
    try {
      await client.connect()
    } catch (error) {
      client.destroy()
      throw new AppError(
        'unavailable',
        'cache/unavailable',
        `Redis at ${config.host}:${config.port} cannot be used: ${(error as Error).message}. Check REDIS_HOST, REDIS_PORT, REDIS_TLS and REDIS_PASSWORD.`,
      )
    }
    return new RedisCache(client, prefix, sql)
  }

  async set(key: string, value: string, ttl: number): Promise<void> {
    await this.#ask((client) => client.set(this.#key(key), value, { expiration: { type: 'PX', value: ttl * 1000 } }))
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.#ask((client) => client.get(this.#key(key)))) ?? undefined
  }

  async take(key: string): Promise<string | undefined> {
    return (await this.#ask((client) => client.getDel(this.#key(key)))) ?? undefined
  }

  async delete(key: string): Promise<void> {
    await this.#ask((client) => client.del(this.#key(key)))
  }

  async increment(key: string, ttl: number): Promise<number> {
    const name = this.#key(key)
    const [, count] = await this.#ask((client) =>
      client
        .multi()
        .set(name, 0, { expiration: { type: 'PX', value: ttl * 1000 }, condition: 'NX' })
        .incr(name)
        .exec(),
    )
    return Number(count)
  }

  async close(): Promise<void> {
    await this.#client.close().catch(() => this.#client.destroy())
  }

  /** @throws AppError `cache/unavailable`: what waits for a cache is better told so than kept waiting */
  async #ask<T>(command: (client: Client) => Promise<T>): Promise<T> {
    assertOutside(this.#sql)
    try {
      return await command(this.#client)
    } catch (error) {
      throw new AppError('unavailable', 'cache/unavailable', 'Redis does not answer at the moment.', {
        reason: (error as Error).name,
      })
    }
  }

  #key(key: string): string {
    return this.#prefix + key
  }
}

/** Before it was ever there a Redis that is away is a mistake to be told; later it is waited for. */
function connect({ host, port, tls, username, password }: RedisConfig, ca: string | undefined) {
  let known = false
  const client = createClient({
    socket: {
      host,
      port,
      connectTimeout: PATIENCE_MS,
      reconnectStrategy: (tries, cause) => (known ? Math.min(50 * 2 ** Math.min(tries, 10), PATIENCE_MS) : cause),
      ...(tls ? { tls: true as const, ...(ca === undefined ? {} : { ca }) } : {}),
    },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    // A command that cannot be sent fails at once instead of waiting in memory for a Redis that may never come.
    disableOfflineQueue: true,
    commandOptions: { timeout: PATIENCE_MS },
  })
  client.once('ready', () => {
    known = true
  })
  return client
}
