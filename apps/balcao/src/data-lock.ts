import { AppError } from '@balcao/kernel'
import pg from 'pg'

/** Holds the data directory for this launcher: an advisory lock in its PostgreSQL, gone when the connection is.
 *  @throws AppError `data/in_use` */
export async function lockData(url: string, dataDir: string): Promise<{ release(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url, application_name: 'balcao-launcher' })
  await client.connect()
  const { rows } = await client.query<{ held: boolean }>(
    `select pg_try_advisory_lock(hashtext('balcao-launcher')) as held`,
  )
  if (!rows[0]!.held) {
    await client.end()
    throw new AppError(
      'conflict',
      'data/in_use',
      `Another Balcão is running on ${dataDir}. Stop it first, or give this one a folder of its own: DATA_DIR=other PORT=4000 npm start.`,
    )
  }
  // It breaks when the server dies, and whoever starts that again locks again.
  client.on('error', () => undefined)
  return { release: () => client.end() }
}
