import { AppError } from '@balcao/kernel'
import pg from 'pg'

/** Holds the data directory for this launcher: an advisory lock in its PostgreSQL, gone when the connection is.
 *  @throws AppError `data/in_use` */
export async function lockData(
  url: string,
  dataDir: string,
  onLost: () => void,
): Promise<{ release(): Promise<void> }> {
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
  let released = false
  client.on('error', () => undefined)
  client.on('end', () => released || onLost())
  return {
    release: async () => {
      released = true
      await client.end()
    },
  }
}
