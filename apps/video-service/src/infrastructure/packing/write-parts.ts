import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { assertRoom } from '@balcao/platform'
import { broken } from './broken.ts'

/** A file of which so many bytes are known. */
export interface Part {
  readonly path: string
  /** Bytes. */
  readonly size: number
}

/** Bytes. */
const AT_ONCE = 1024 ** 2

/** Writes a head and parts behind it into a new file, a piece at a time.  @throws AppError `object/does_not_fit` before a
 *  byte of it is written */
export async function writeParts(
  to: string,
  head: readonly Buffer[],
  parts: readonly Part[],
  signal: AbortSignal,
): Promise<void> {
  const size = [...head.map(({ length }) => length), ...parts.map((part) => part.size)].reduce(
    (sum, each) => sum + each,
    0,
  )
  await assertRoom(dirname(to), size)
  const out = await open(to, 'wx')
  try {
    for (const bytes of head) await writeAll(out, bytes)
    // One for all: thousands of them would have to be collected.
    const piece = Buffer.allocUnsafe(AT_ONCE)
    for (const part of parts) await append(out, part, piece, signal)
  } finally {
    await out.close()
  }
}

async function append(out: FileHandle, { path, size }: Part, piece: Buffer, signal: AbortSignal): Promise<void> {
  const part = await open(path)
  try {
    let copied = 0
    for (let read = -1; read !== 0 && copied < size; copied += read) {
      signal.throwIfAborted()
      read = (await part.read(piece, 0, Math.min(piece.length, size - copied))).bytesRead
      await writeAll(out, piece.subarray(0, read))
    }
    // The places that were told count on it.
    if (copied !== size) throw broken('a segment that changed while it was packed')
  } finally {
    await part.close()
  }
}

async function writeAll(out: FileHandle, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length; ) written += (await out.write(bytes, written)).bytesWritten
}
