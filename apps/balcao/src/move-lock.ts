import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '@balcao/kernel'
import { privateDirectory } from '@balcao/platform/open'

const SQLITE_BUSY = 5

/** Makes a move the only one of its installation, as two would spoil each other's journal. Held by the system, by way of
 *  SQLite because Node locks no files: it goes with the process that has it, however that ends.
 *  @throws AppError `move/running` */
export async function lockMove(dataDir: string): Promise<{ release(): void }> {
  const dir = join(dataDir, 'move-store')
  await privateDirectory(dir)
  const file = new DatabaseSync(join(dir, 'lock'))
  try {
    file.exec('begin exclusive')
  } catch (error) {
    file.close()
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error
    throw new AppError(
      'conflict',
      'move/running',
      `The objects of ${dataDir} are being moved already. Let that come to its end, or stop it first.`,
    )
  }
  return { release: () => file.close() }
}
