import { open } from 'node:fs/promises'

/** What the boxes of an ISO file say (ISO/IEC 14496-12 §4.2). */
export interface Boxes {
  /** moov comes before mdat. */
  readonly indexFirst: boolean
  /** Something in them may tell a place; ffprobe does not show XMP or vendors' boxes. */
  readonly mayTellLocation: boolean
}

const plain = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide'])
const marks = ['\u00a9xyz', 'loci', 'ISO6709', 'XMP_', 'gpmd', 'camm', 'gps ', 'GPS ', 'Exif'].map((mark) =>
  Buffer.from(mark, 'latin1'),
)
const MAX_BOXES = 64
const MAX_INDEX = 32 * 1024 ** 2

/** Walks the outermost boxes and searches the index for marks of a place. Costs a few reads. */
export async function readBoxes(path: string): Promise<Boxes> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const order: string[] = []
    let marked = false
    let offset = 0
    while (offset + 8 <= size && order.length < MAX_BOXES) {
      const head = Buffer.alloc(16)
      await file.read(head, 0, 16, offset)
      const short = head.readUInt32BE(0)
      const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short === 0 ? size - offset : short
      const type = head.toString('latin1', 4, 8)
      order.push(type)
      if (type === 'moov') {
        const index = Buffer.alloc(Math.min(length, MAX_INDEX, size - offset))
        await file.read(index, 0, index.length, offset)
        marked ||= length > MAX_INDEX || marks.some((mark) => index.includes(mark))
      }
      if (length < 8) break
      offset += length
    }
    const moov = order.indexOf('moov')
    const mdat = order.indexOf('mdat')
    return {
      indexFirst: moov >= 0 && moov < mdat,
      mayTellLocation: marked || order.some((type) => !plain.has(type)) || offset !== size,
    }
  } finally {
    await file.close()
  }
}
