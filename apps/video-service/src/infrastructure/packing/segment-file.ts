import { type FileHandle, open } from 'node:fs/promises'
import { broken } from './broken.ts'
import { type Fragment, readFragment } from './fragment.ts'
import type { TrackHeader } from './track-header.ts'

/** What one segment of a rendition holds. */
export interface SegmentContent {
  /** Bytes. */
  readonly size: number
  readonly fragments: readonly Fragment[]
}

/** More than any fragment's tables take. */
const MAX_TABLES = 64 * 1024 ** 2
/** Bytes that are read at once: mostly all that is needed of a segment. */
const HEAD = 32 * 1024
/** Of a segment, beside its fragments. */
const IGNORED = ['styp', 'sidx', 'free', 'prft', 'emsg']

/** Reads what a segment says of its samples, and nothing of their bytes.
 *  @throws AppError `video/verification_failed` where it holds anything that is not expected, or samples outside of it */
export async function readSegment(path: string, track: TrackHeader): Promise<SegmentContent> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const fragments: Fragment[] = []
    const media: { start: number; end: number }[] = []
    const head = await bytesOf(file, 0, Math.min(size, HEAD))
    const read = async (start: number, end: number) =>
      end <= head.length ? head.subarray(start, end) : bytesOf(file, start, end)
    for await (const { type, start, inside, end } of boxesOf(read, size)) {
      if (type === 'mdat') media.push({ start: inside, end })
      else if (type === 'moof') fragments.push(readFragment(await read(inside, end), start, track))
      else if (!IGNORED.includes(type)) throw broken(`a segment with ${type}`)
    }
    for (const run of fragments.flatMap(({ runs }) => runs)) {
      const end = run.samples.reduce((sum, sample) => sum + sample.size, run.start)
      if (!media.some((range) => range.start <= run.start && end <= range.end))
        throw broken('samples that are not there')
    }
    return { size, fragments }
  } finally {
    await file.close()
  }
}

async function* boxesOf(read: (start: number, end: number) => Promise<Buffer>, size: number) {
  for (let start = 0; start < size; ) {
    const head = await read(start, Math.min(size, start + 16))
    if (head.length < 8) throw broken('a segment that ends within a box')
    const short = head.readUInt32BE(0)
    const long = short === 1 && head.length === 16
    const inside = start + (long ? 16 : 8)
    const end = start + (long ? Number(head.readBigUInt64BE(8)) : short)
    if (end < inside || end > size) throw broken('a segment that ends within a box')
    yield { type: head.toString('latin1', 4, 8), start, inside, end }
    start = end
  }
}

async function bytesOf(file: FileHandle, start: number, end: number): Promise<Buffer> {
  if (end - start > MAX_TABLES) throw broken('a fragment with too large tables')
  const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start)
  if (bytesRead < end - start) throw broken('a segment that became shorter')
  return buffer
}
