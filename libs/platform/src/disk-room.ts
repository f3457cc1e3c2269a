import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@balcao/kernel'
import { storeDirOf } from './objects/shared-disk.ts'

const GiB = 1024 ** 3
/** What is left alone of a disk, so that the database beside us can still write: of a small one less. */
const RESERVE_BYTES = GiB
const RESERVE_PART = 0.05

const reserveOf = ({ blocks, bsize }: { blocks: number; bsize: number }) =>
  Math.min(RESERVE_BYTES, blocks * bsize * RESERVE_PART)

/** Bytes of the disk on which a folder lies that are left alone.  @throws Error where there is no such folder */
export async function reserveOn(dir: string): Promise<number> {
  return reserveOf(await statfs(dir))
}

/** Bytes that may still be written to the disk on which a folder lies; below zero where somebody has written to what is
 *  left alone.  @throws Error where there is no such folder */
export async function roomOn(dir: string): Promise<number> {
  const disk = await statfs(dir)
  return disk.bavail * disk.bsize - reserveOf(disk)
}

/** Bytes that our own store has room for. Its rows lie in a database, which may have a disk of its own below the data
 *  directory: while that one has no room, nothing is stored. */
export async function roomForObjects(config: { readonly dataDir: string }): Promise<number> {
  const dirs = [storeDirOf(config), join(config.dataDir, 'postgres')]
  const [store, database] = await Promise.all(dirs.map((dir) => roomOn(dir).catch(unlessThere)))
  return database! > 0 ? store! : Math.min(store!, database!)
}

/** Another machine's disk, or a database that somebody else runs. */
function unlessThere(error: NodeJS.ErrnoException): number {
  if (error.code !== 'ENOENT') throw error
  return Number.POSITIVE_INFINITY
}

/** @param size bytes that are to be written  @throws AppError `object/does_not_fit`, with how many are `missing` */
export async function assertRoom(dir: string, size: number): Promise<void> {
  const missing = Math.ceil(size - (await roomOn(dir)))
  if (missing > 0)
    throw new AppError('unavailable', 'object/does_not_fit', `The worker's disk has no room for ${size} bytes.`, {
      missing,
    })
}
