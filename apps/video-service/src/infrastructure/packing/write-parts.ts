import { createReadStream } from 'node:fs'
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

const AT_ONCE = 1024 ** 2

/** Writes a head and parts behind it into a new file, as a stream.  @throws AppError `object/does_not_fit` before a byte
 *  of it is written */
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
    for (const part of parts) await append(out, part, signal)
  } finally {
    await out.close()
  }
}

async function append(out: FileHandle, { path, size }: Part, signal: AbortSignal): Promise<void> {
  let copied = 0
  for await (const bytes of createReadStream(path, { highWaterMark: AT_ONCE, signal })) {
    copied += bytes.length
    await writeAll(out, bytes)
  }
  // The places that were told count on it.
  if (copied !== size) throw broken('a segment that changed while it was packed')
}

async function writeAll(out: FileHandle, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length; ) written += (await out.write(bytes, written)).bytesWritten
}
