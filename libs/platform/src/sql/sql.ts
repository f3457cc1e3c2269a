/** PostgreSQL, spoken as SQL. bigint columns are `bigint`, numeric `string`, timestamptz `Date`, json parsed, bytea `Buffer`. */
export interface Sql {
  /** All rows. Parameters are `$1`, `$2` …; a text never holds a value. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** The first row, if any. */
  first<Row>(text: string, values?: readonly unknown[]): Promise<Row | undefined>
  /** The first row, if any, of a statement that a connection parses and plans once: for one that looks up a key, which
   *  has the same plan for every value. */
  lookUp<Row>(text: string, values: readonly unknown[]): Promise<Row | undefined>
  /** The number of rows that a statement changed. */
  run(text: string, values?: readonly unknown[]): Promise<number>
  /** Runs `work` in a transaction. Every call on this Sql made within joins it, however deep (also a nested
   *  `transaction`); it commits when the outermost `work` returns and rolls back when it throws.
   *  @throws what `work` throws; Error where it returned though a statement had failed */
  transaction<T>(work: () => Promise<T>): Promise<T>
  /** Whether whoever calls stands in a transaction of this Sql. */
  inTransaction(): boolean
  /** Runs `work` once the surrounding transaction has committed, or at once where there is none. */
  afterCommit(work: () => void): void
  /** Hears NOTIFY on `channel` until it is closed; `onGap` is called after a reconnect, when some may have been missed. */
  listen(channel: string, onMessage: (payload: string) => void, onGap?: () => void): Promise<{ close(): Promise<void> }>
  close(): Promise<void>
}
