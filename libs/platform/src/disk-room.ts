import { statfs } from 'node:fs/promises'

const GiB = 1024 ** 3
/** What is left alone of a disk, so that the database beside us can still write: of a small one less. */
const RESERVE_BYTES = GiB
const RESERVE_PART = 0.05

/** Bytes that may still be written to the disk on which a folder lies.
 *  @throws Error where there is no such folder */
export async function roomOn(dir: string): Promise<number> {
  const { bavail, blocks, bsize } = await statfs(dir)
  return Math.max(0, bavail * bsize - Math.min(RESERVE_BYTES, blocks * bsize * RESERVE_PART))
}
