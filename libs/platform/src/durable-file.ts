import { randomBytes } from 'node:crypto'
import { link, mkdir, open, rename, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Makes names in a directory durable. Windows cannot open a directory and needs no such call. */
async function syncDirectory(dir: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(dir, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function writeTemporary(path: string, content: string): Promise<string> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return temporary
}

/** A directory that only its owner may enter. */
export async function privateDirectory(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
}

/** Writes a file of mode 0600 that is whole and on disk when this returns; an older one of that name is replaced. */
export async function writeDurably(path: string, content: string): Promise<void> {
  await rename(await writeTemporary(path, content), path)
  await syncDirectory(dirname(path))
}

/** Like `writeDurably`, but of all writers, in any process, only the first one wins.
 *  @returns whether it was this one */
export async function createDurably(path: string, content: string): Promise<boolean> {
  const temporary = await writeTemporary(path, content)
  try {
    // A link fails where the name exists, and unlike O_EXCL on the name itself it never shows half a file.
    await link(temporary, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await unlink(temporary)
    await syncDirectory(dirname(path))
  }
}
