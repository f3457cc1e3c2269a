import { statfs } from 'node:fs/promises'
import { AppError } from '@balcao/kernel'

const GiB = 1024 ** 3
/** What is left alone of a disk, so that the database beside us can still write: of a small one less. */
const RESERVE_BYTES = GiB
const RESERVE_PART = 0.05

/** Bytes that may still be written to the disk on which a folder lies; below zero where somebody has written to what is
 *  left alone.  @throws Error where there is no such folder */
export async function roomOn(dir: string): Promise<number> {
  const { bavail, blocks, bsize } = await statfs(dir)
  return bavail * bsize - Math.min(RESERVE_BYTES, blocks * bsize * RESERVE_PART)
}

/** @param size bytes that are to be written  @throws AppError `object/does_not_fit`, with how many are `missing` */
export async function assertRoom(dir: string, size: number): Promise<void> {
  const missing = Math.ceil(size - (await roomOn(dir)))
  if (missing > 0)
    throw new AppError('unavailable', 'object/does_not_fit', `The worker's disk has no room for ${size} bytes.`, {
      missing,
    })
}
