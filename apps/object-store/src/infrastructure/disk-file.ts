import type { FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { FileReader, FileWriter } from '../application/ports/files.ts'
import type { Follower, HashName } from '../application/ports/follower.ts'
import { MiB } from '../domain/object.ts'
import type { HashThread } from './hash-thread.ts'

/** A file that is read. */
export class DiskReader implements FileReader {
  constructor(private readonly handle: FileHandle) {}

  async read(into: Buffer, position: number): Promise<number> {
    let read = 0
    while (read < into.length) {
      const { bytesRead } = await this.handle.read(into, read, into.length - read, position + read)
      if (bytesRead === 0) break
      read += bytesRead
    }
    return read
  }

  stream(first: number, last: number): Readable {
    return this.handle.createReadStream({ start: first, end: last, autoClose: false, highWaterMark: MiB })
  }

  close(): Promise<void> {
    return this.handle.close()
  }
}

/** A file that is written. */
export class DiskWriter implements FileWriter {
  /** @param handle readable too: hashes are made of what lies in the file
   *  @param syncFolder makes the names in its folder durable */
  constructor(
    private readonly handle: FileHandle,
    private readonly hashes: Pick<HashThread, 'follow'>,
    private readonly syncFolder: () => Promise<void>,
  ) {}

  async write(chunks: readonly Buffer[], position: number): Promise<void> {
    let rest = [...chunks]
    for (let at = position; rest.length > 0; ) {
      let { bytesWritten } = await this.handle.writev(rest, at)
      at += bytesWritten
      while (rest.length > 0 && bytesWritten >= rest[0]!.length) bytesWritten -= rest.shift()!.length
      if (bytesWritten > 0) rest = [rest[0]!.subarray(bytesWritten), ...rest.slice(1)]
    }
  }

  hash(position: number, names: readonly HashName[]): Follower {
    return this.hashes.follow(this.handle.fd, position, names)
  }

  sync(): Promise<void> {
    return this.handle.datasync()
  }

  async seal(): Promise<void> {
    await this.handle.chmod(0o444)
    await this.handle.sync()
    await this.syncFolder()
  }

  close(): Promise<void> {
    return this.handle.close()
  }
}
