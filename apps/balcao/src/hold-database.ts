import { setTimeout as delay } from 'node:timers/promises'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@balcao/platform/open'
import { LONGEST_WAIT } from './child.ts'
import { lockData } from './data-lock.ts'
import { explain } from './explain.ts'

/** Starts PostgreSQL, locks the data directory, and starts PostgreSQL again whenever it dies, until that succeeds.
 *  @throws AppError `data/in_use` */
export async function holdDatabase(
  dataDir: string,
  say: (sentence: string) => void,
  stopping: () => boolean,
): Promise<{ databaseUrl: string; migrationDatabaseUrl: string; release(): Promise<void> }> {
  let postgres: EmbeddedPostgres
  let lock: { release(): Promise<void> }
  const open = async () => {
    postgres = await startEmbeddedPostgres({ dir: dataDir, say })
    lock = await lockData(postgres.url, dataDir)
  }
  const reopen = async () => {
    const first = 500
    for (let wait = first; !stopping(); wait = Math.min(wait * 2, LONGEST_WAIT)) {
      try {
        return await open()
      } catch (error) {
        if (wait === first) say(`${explain(error)}\nIt is tried again until it can.`)
        await delay(wait)
      }
    }
  }
  const watch = async () => {
    while (!stopping()) {
      await postgres.ended
      if (stopping()) return
      say('The database stopped unexpectedly; starting it again.')
      await reopen()
    }
  }
  await open()
  void watch()
  return {
    databaseUrl: postgres!.workUrl,
    migrationDatabaseUrl: postgres!.url,
    release: async () => {
      await lock.release()
      await postgres.stop()
    },
  }
}
