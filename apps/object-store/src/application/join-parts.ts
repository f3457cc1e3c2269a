import type { FileHandle } from 'node:fs/promises'
import { MiB, type Part, type Upload } from '../domain/object.ts'
import type { Files } from './files.ts'

const COPY_BUFFER = 4 * MiB

/** Writes parts one after the other into a new file, durable when this returns; nothing of it stays when that fails. */
export async function joinParts(files: Files, upload: Upload, parts: readonly Part[], fileId: string): Promise<void> {
  const target = await files.create(fileId)
  try {
    const buffer = Buffer.allocUnsafe(COPY_BUFFER)
    let at = 0
    for (const part of parts) {
      const source = await files.open(part.fileId ?? upload.fileId!)
      try {
        await copyRange(source, part.fileId ? 0 : (part.number - 1) * upload.partSize!, part.size, target, at, buffer)
      } finally {
        await source.close()
      }
      at += part.size
    }
    await files.seal(target)
  } catch (error) {
    await files.remove(fileId)
    throw error
  } finally {
    await target.close()
  }
}

async function copyRange(from: FileHandle, start: number, size: number, to: FileHandle, at: number, buffer: Buffer) {
  for (let done = 0; done < size; ) {
    const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, size - done), start + done)
    if (bytesRead === 0) throw new Error('A part is shorter on disk than its row says.')
    for (let written = 0; written < bytesRead; ) {
      written += (await to.write(buffer, written, bytesRead - written, at + done + written)).bytesWritten
    }
    done += bytesRead
  }
}
