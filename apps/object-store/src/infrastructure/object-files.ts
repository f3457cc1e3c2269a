import { chmod, type FileHandle, link, mkdir, open, readdir, stat, statfs, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Files } from '../application/files.ts'
import { placeOf } from '../domain/object.ts'

const FOLDERS = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))

const ignoreMissing = (error: NodeJS.ErrnoException) => {
  if (error.code !== 'ENOENT') throw error
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The bytes of objects: files named by a random id, 0600 while they are written, 0444 once they are whole. They
 *  never change after that, so a worker may hold a hard link. What no row names is no object. */
export class ObjectFiles implements Files {
  constructor(readonly dir: string) {}

  pathOf(id: string): string {
    return join(this.dir, placeOf(id))
  }

  /** Makes the store's directory and its folders, private to us. */
  async prepare(): Promise<void> {
    await mkdir(this.dir, { recursive: true, mode: 0o700 })
    for (const folder of FOLDERS) await mkdir(join(this.dir, folder), { recursive: true, mode: 0o700 })
    await syncFolder(this.dir)
  }

  create(id: string): Promise<FileHandle> {
    // Readable, because its digests are made of what lies in it.
    return open(this.pathOf(id), 'wx+', 0o600)
  }

  /** An empty file that survives a crash, to be written by parts. */
  async reserve(id: string): Promise<void> {
    await (await this.create(id)).close()
    await syncFolder(dirname(this.pathOf(id)))
  }

  /** A file of several parts, to write at any place. A completion that failed half-way may have sealed it. */
  async openAgain(id: string): Promise<FileHandle> {
    await chmod(this.pathOf(id), 0o600)
    return open(this.pathOf(id), 'r+')
  }

  /** Makes a written file durable and unchangeable, name and bytes. */
  async seal(id: string, handle: FileHandle): Promise<void> {
    await handle.chmod(0o444)
    await handle.sync()
    await syncFolder(dirname(this.pathOf(id)))
  }

  /** Seals a file of parts, cut to `size` bytes: parts behind the last one that was named fall away. */
  async sealParts(id: string, size: number): Promise<void> {
    const handle = await this.openAgain(id)
    try {
      await handle.truncate(size)
      await this.seal(id, handle)
    } finally {
      await handle.close()
    }
  }

  open(id: string): Promise<FileHandle> {
    return open(this.pathOf(id), 'r')
  }

  /** A second name for the same bytes, durable when this returns. */
  async copy(from: string, to: string): Promise<void> {
    await link(this.pathOf(from), this.pathOf(to))
    await syncFolder(dirname(this.pathOf(to)))
  }

  async remove(...ids: readonly (string | undefined)[]): Promise<void> {
    for (const id of ids) if (id) await unlink(this.pathOf(id)).catch(ignoreMissing)
  }

  /** Bytes that we may still write. */
  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.dir)
    return bavail * bsize
  }

  /** The files untouched for `ms`, a folder at a time. A link touches a file as a write does (ctime). */
  async *untouchedFor(ms: number): AsyncIterable<string[]> {
    for (const folder of FOLDERS) {
      const old: string[] = []
      for (const name of await readdir(join(this.dir, folder))) {
        // The file system's clock is the wall's, whatever clock we were given.
        const changed = await stat(join(this.dir, folder, name)).then(({ ctimeMs }) => ctimeMs, ignoreMissing)
        if (changed !== undefined && Date.now() - changed >= ms) old.push(name)
      }
      if (old.length > 0) yield old
    }
  }
}
