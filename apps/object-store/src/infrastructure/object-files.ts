import {
  chmod,
  constants,
  copyFile,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  rename,
  stat,
  unlink,
} from 'node:fs/promises'
import { join } from 'node:path'
import { roomOn } from '@balcao/platform'
import { FileGone, type FilePiece, type FileReader, type Files, type FileWriter } from '../application/ports/files.ts'
import { MiB, placeOf } from '../domain/object.ts'
import { DiskReader, DiskWriter } from './disk-file.ts'
import type { HashThread } from './hash-thread.ts'

const FOLDERS = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))
const UNFINISHED = 'unfinished'
const PORTION = 1000
const COPY_BUFFER = 4 * MiB

/** A file may have so many names and no more (65,000 in ext4), or no second one at all. */
const NO_MORE_NAMES = ['EMLINK', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'
const ignoreMissing = (error: unknown) => {
  if (!isMissing(error)) throw error
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
 *  never change after that, so a worker may hold a hard link. What is no object yet lies in a folder of its own, so that
 *  looking for what was left over costs what is unfinished and not what is stored. */
export class ObjectFiles implements Files {
  readonly #unfinished: string

  /** @param onError told what goes wrong where nobody needs to wait for it
   *  @param room bytes that may be written, where not the disk of `dir` alone decides that */
  constructor(
    readonly dir: string,
    private readonly hashes: Pick<HashThread, 'follow'>,
    private readonly onError: (error: unknown) => void,
    private readonly room: () => Promise<number> = () => roomOn(dir),
  ) {
    this.#unfinished = join(dir, UNFINISHED)
  }

  /** Makes the store's directory and its folders, private to us. */
  async prepare(): Promise<void> {
    await mkdir(this.dir, { recursive: true, mode: 0o700 })
    for (const folder of [...FOLDERS, UNFINISHED]) {
      await mkdir(join(this.dir, folder), { recursive: true, mode: 0o700 })
    }
    await syncFolder(this.dir)
  }

  async create(id: string): Promise<FileWriter> {
    return this.#writer(await open(this.#begun(id), 'wx+', 0o600))
  }

  async reserve(id: string): Promise<void> {
    await (await this.create(id)).close()
    await syncFolder(this.#unfinished)
  }

  /** A completion that failed half-way may have sealed it. */
  reopen(id: string): Promise<FileWriter> {
    return this.#either(id, async (path) => {
      await chmod(path, 0o600)
      return this.#writer(await open(path, 'r+'))
    })
  }

  async open(id: string): Promise<FileReader> {
    return new DiskReader(await this.#either(id, (path) => open(path, 'r')))
  }

  async sizeOf(id: string): Promise<number> {
    return (await this.#either(id, (path) => stat(path))).size
  }

  async copy(from: string, to: string): Promise<void> {
    const target = this.#begun(to)
    await this.#either(from, (path) =>
      link(path, target).catch(async (error) => {
        if (!NO_MORE_NAMES.includes(error.code)) throw error
        await copyFile(path, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
        const handle = await open(target, 'r')
        await handle.sync().finally(() => handle.close())
      }),
    )
    await syncFolder(this.#unfinished)
  }

  async join(pieces: readonly FilePiece[], to: string): Promise<void> {
    const target = await this.create(to)
    try {
      const buffer = Buffer.allocUnsafe(COPY_BUFFER)
      let at = 0
      for (const piece of pieces) {
        await this.#copyPiece(piece, target, at, buffer)
        at += piece.size
      }
      await target.seal()
    } catch (error) {
      await this.remove(to)
      throw error
    } finally {
      await target.close()
    }
  }

  /** Needs no sync: after a crash the file lies in the one place or in the other. Nor is it an error where it cannot be
   *  moved, as on a full disk: the object is there, and a sweep tries again. */
  async publish(id: string): Promise<void> {
    await rename(this.#begun(id), this.#published(id)).catch((error) => isMissing(error) || this.onError(error))
  }

  async remove(...ids: readonly string[]): Promise<string[]> {
    const gone: string[] = []
    for (const id of ids) {
      try {
        await unlink(this.#begun(id)).catch(ignoreMissing)
        await unlink(this.#published(id)).catch(ignoreMissing)
        gone.push(id)
      } catch (error) {
        this.onError(error)
      }
    }
    return gone
  }

  free(): Promise<number> {
    return this.room()
  }

  /** A link touches a file as a write does (ctime). */
  async *unfinished(ms: number): AsyncIterable<string[]> {
    const names = await readdir(this.#unfinished)
    for (let at = 0; at < names.length; at += PORTION) {
      const old: string[] = []
      for (const name of names.slice(at, at + PORTION)) {
        // The file system's clock is the wall's, whatever clock we were given.
        const changed = await stat(this.#begun(name)).then(({ ctimeMs }) => ctimeMs, ignoreMissing)
        if (changed !== undefined && Date.now() - changed >= ms) old.push(name)
      }
      if (old.length > 0) yield old
    }
  }

  /** Does something with a file wherever it lies. It may move from the one place to the other meanwhile, never back. */
  #either<T>(id: string, act: (path: string) => Promise<T>): Promise<T> {
    const [begun, published] = [this.#begun(id), this.#published(id)]
    const otherwise = (next: () => Promise<T>) => (error: unknown) => {
      if (!isMissing(error)) throw error
      return next()
    }
    return act(published)
      .catch(otherwise(() => act(begun)))
      .catch(otherwise(() => act(published)))
      .catch(otherwise(() => Promise.reject(new FileGone(`There is no file ${id}.`))))
  }

  async #copyPiece({ fileId, start, size }: FilePiece, to: FileWriter, at: number, buffer: Buffer): Promise<void> {
    const from = await this.open(fileId)
    try {
      for (let done = 0; done < size; ) {
        const bytes = buffer.subarray(0, Math.min(buffer.length, size - done))
        if ((await from.read(bytes, start + done)) < bytes.length)
          throw new Error('A part is shorter on disk than its row says.')
        await to.write([bytes], at + done)
        done += bytes.length
      }
    } finally {
      await from.close()
    }
  }

  #writer(handle: FileHandle): FileWriter {
    return new DiskWriter(handle, this.hashes, () => syncFolder(this.#unfinished))
  }

  #begun(id: string): string {
    return join(this.#unfinished, id)
  }

  #published(id: string): string {
    return join(this.dir, placeOf(id))
  }
}
