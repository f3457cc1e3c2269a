import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Whether a program has written to a file of its folder within the last `ms`. ffmpeg says nothing while it moves the
 *  index of a film to its front, for which it writes all of it once more: minutes where it is large. */
export async function stillWrites(dir: string, ms: number): Promise<boolean> {
  const since = Date.now() - ms
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    if (!entry.isFile()) continue
    const written = await stat(join(dir, entry.name)).catch(() => undefined)
    if (written && written.mtimeMs >= since) return true
  }
  return false
}
