import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { assertRoom } from '@balcao/platform'
import { ZipFile } from 'yazl'
import type { Zip } from '../application/ports/zip.ts'

/** Of every entry: nothing of the server's clock leaves, and the same images are the same bytes. */
const MOMENT = new Date('2026-01-01T00:00:00Z')

export class YazlZip implements Zip {
  async pack(entries: Parameters<Zip['pack']>[0], dir: string, signal: AbortSignal) {
    const sizes = await Promise.all(entries.map(async ({ path }) => (await stat(path)).size))
    await assertRoom(
      dir,
      sizes.reduce((sum, each) => sum + each, 0),
    )
    const file = new ZipFile()
    for (const { path, name } of entries) file.addFile(path, name, { compress: false, mtime: MOMENT, mode: 0o100644 })
    const hash = createHash('sha256')
    let size = 0
    const measure = new Transform({
      transform: (chunk: Buffer, _, done) => {
        hash.update(chunk)
        size += chunk.length
        done(null, chunk)
      },
    })
    const path = join(dir, 'frames.zip')
    // A file that cannot be read is told here and nowhere else.
    const failed = new Promise<never>((_, reject) => file.once('error', reject))
    file.end()
    await Promise.race([pipeline(file.outputStream, measure, createWriteStream(path), { signal }), failed])
    return { path, size, sha256: hash.digest('hex') }
  }
}
