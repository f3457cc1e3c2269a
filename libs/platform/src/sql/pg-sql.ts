import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import type { Logger } from 'pino'
import { PgListener } from './pg-listener.ts'
import type { Sql } from './sql.ts'

interface Transaction {
  readonly client: pg.PoolClient
  readonly afterCommit: (() => void)[]
}

// One mapping for everybody: int8 keeps all its digits, dates without a time stay text.
const types = new pg.TypeOverrides()
types.setTypeParser(pg.types.builtins.INT8, (text) => BigInt(text))
types.setTypeParser(pg.types.builtins.DATE, (text) => text)

export interface PgSqlOptions {
  readonly url: string
  /** search_path: names in statements are this schema's. */
  readonly schema: string
  readonly connections: number
  readonly log: Logger
}

/** Sql over `pg`. The current transaction travels with the asynchronous context. */
export class PgSql implements Sql {
  readonly #pool: pg.Pool
  readonly #listener: PgListener
  /** Of statements that are prepared, by their text: there are as many as the program has. */
  readonly #names = new Map<string, string>()
  readonly #transaction = new AsyncLocalStorage<Transaction>()

  constructor(options: PgSqlOptions) {
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.connections,
      application_name: `balcao-${options.schema}`,
      options: `-c search_path=${options.schema}`,
      types,
    })
    // An idle connection that breaks (server restart) is replaced by the pool; without a listener Node would exit.
    this.#pool.on('error', (error) => options.log.warn({ err: error }, 'an idle database connection broke'))
    // One in use fails its next statement; without a listener of its own Node would exit.
    this.#pool.on('connect', (client) => client.on('error', () => undefined))
    this.#listener = new PgListener(options.url, options.log)
  }

  async query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#send(text, values)).rows as Row[]
  }

  async first<Row>(text: string, values: readonly unknown[] = []): Promise<Row | undefined> {
    return (await this.#send(text, values)).rows[0] as Row | undefined
  }

  async lookUp<Row>(text: string, values: readonly unknown[]): Promise<Row | undefined> {
    const target = this.#transaction.getStore()?.client ?? this.#pool
    const { rows } = await target.query({ name: this.#nameOf(text), text, values: values as unknown[] })
    return rows[0] as Row | undefined
  }

  async run(text: string, values: readonly unknown[] = []): Promise<number> {
    return (await this.#send(text, values)).rowCount ?? 0
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#transaction.getStore()) return work()
    const client = await this.#pool.connect()
    const transaction: Transaction = { client, afterCommit: [] }
    let broken: Error | undefined
    try {
      await client.query('begin')
      const result = await this.#transaction.run(transaction, work)
      // Where an error was swallowed, PostgreSQL takes the commit and rolls back.
      const { command } = await client.query('commit')
      if (command !== 'COMMIT') throw new Error('A statement of this transaction had failed: nothing of it was kept.')
      for (const callback of transaction.afterCommit) callback()
      return result
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => (broken = failure))
      throw error
    } finally {
      client.release(broken)
    }
  }

  inTransaction(): boolean {
    return this.#transaction.getStore() !== undefined
  }

  afterCommit(work: () => void): void {
    const transaction = this.#transaction.getStore()
    if (transaction) transaction.afterCommit.push(work)
    else work()
  }

  listen(channel: string, onMessage: (payload: string) => void, onGap?: () => void) {
    return this.#listener.listen(channel, onMessage, onGap)
  }

  async close(): Promise<void> {
    await this.#listener.close()
    await this.#pool.end()
  }

  #nameOf(text: string): string {
    const known = this.#names.get(text)
    if (known) return known
    const name = `look-up-${this.#names.size + 1}`
    this.#names.set(text, name)
    return name
  }

  #send(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    const target = this.#transaction.getStore()?.client ?? this.#pool
    return target.query(text, values as unknown[])
  }
}
