import { type FileHandle, open } from 'node:fs/promises'
import { boxesIn } from '../iso/boxes-in.ts'

/** What the boxes of an ISO file say (ISO/IEC 14496-12 §4.2). */
export interface Boxes {
  /** moov comes before mdat. */
  readonly indexFirst: boolean
  /** They hold samples and what is needed to play them, and nothing else: a box that is not known could tell anything,
   *  and so could bytes that belong to no sample. */
  readonly bare: boolean
}

const MAX_BOXES = 64
const MAX_INDEX = 32 * 1024 ** 2
/** Some writers leave this much room. */
const MAX_ROOM = 64 * 1024

/** Boxes of the index that hold boxes, and what may be in them. */
const HOLDING: Readonly<Record<string, readonly string[]>> = {
  moov: ['mvhd', 'trak', 'iods', 'udta'],
  trak: ['tkhd', 'edts', 'mdia', 'tref'],
  edts: ['elst'],
  mdia: ['mdhd', 'hdlr', 'minf'],
  minf: ['vmhd', 'smhd', 'dinf', 'stbl', 'hdlr'],
  dinf: ['dref'],
  stbl: ['stsd', 'stts', 'stss', 'ctts', 'stsc', 'stsz', 'stco', 'co64', 'sdtp', 'sgpd', 'sbgp', 'cslg', 'stsh'],
  udta: ['meta'],
  ilst: ['\u00a9too'],
}
/** Sample entries describe a codec; these in them would say more. */
const TELLING = ['uuid', 'udta', 'meta', 'XMP_', 'Exif', 'gpmd', 'camm'].map((mark) => Buffer.from(mark, 'latin1'))
const ROOM = ['free', 'skip', 'wide']

const isEmpty = (bytes: Buffer) => bytes.length <= MAX_ROOM && bytes.every((byte) => byte === 0)

function isBare(type: string, content: Buffer): boolean {
  if (ROOM.includes(type)) return isEmpty(content)
  if (type === 'stsd') return !TELLING.some((mark) => content.includes(mark))
  // Its first four bytes are version and flags; the tool that wrote it may be named, and nothing else.
  if (type === 'meta') return holdsOnly(content.subarray(4), ['hdlr', 'ilst'])
  if (type === '\u00a9too') return /^[^\w]*data.{0,8}Lavf[\d.]+$/s.test(content.toString('latin1', 4))
  const inside = HOLDING[type]
  return inside === undefined || holdsOnly(content, inside)
}

function holdsOnly(content: Buffer, types: readonly string[]): boolean {
  let read = 0
  for (const box of boxesIn(content)) {
    read = box.content.byteOffset + box.content.length - content.byteOffset
    if (!types.includes(box.type) && !ROOM.includes(box.type)) return false
    if (!isBare(box.type, box.content)) return false
  }
  return read === content.length
}

/** Bytes of all samples of all tracks (§8.7.3). */
function sampleBytes(moov: Buffer): number {
  let sum = 0
  const visit = (content: Buffer) => {
    for (const { type, content: inner } of boxesIn(content)) {
      if (['trak', 'mdia', 'minf', 'stbl'].includes(type)) visit(inner)
      if (type !== 'stsz' || inner.length < 12) continue
      const [each, count] = [inner.readUInt32BE(4), inner.readUInt32BE(8)]
      if (each > 0) sum += each * count
      else for (let at = 12; at + 4 <= inner.length; at += 4) sum += inner.readUInt32BE(at)
    }
  }
  visit(moov)
  return sum
}

/** Walks the boxes of a file. Costs a few reads. */
export async function readBoxes(path: string): Promise<Boxes> {
  const file = await open(path)
  try {
    return await walk(file, (await file.stat()).size)
  } finally {
    await file.close()
  }
}

async function walk(file: FileHandle, size: number): Promise<Boxes> {
  const order: string[] = []
  let [bare, offset, media, samples] = [true, 0, 0, 0]
  const read = async (from: number, length: number) =>
    (await file.read(Buffer.alloc(length), 0, length, from)).buffer.subarray(0, length)
  while (offset + 8 <= size && order.length < MAX_BOXES) {
    const head = await read(offset, 16)
    const short = head.readUInt32BE(0)
    const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short === 0 ? size - offset : short
    const inside = offset + (short === 1 ? 16 : 8)
    const type = head.toString('latin1', 4, 8)
    order.push(type)
    if (length < inside - offset || offset + length > size) break
    const content = offset + length - inside
    if (type === 'mdat') media += content
    else if (type === 'moov' && content <= MAX_INDEX) {
      const index = await read(inside, content)
      samples += sampleBytes(index)
      bare &&= isBare(type, index)
    } else if (ROOM.includes(type) && content <= MAX_ROOM) bare &&= isEmpty(await read(inside, content))
    else bare &&= type === 'ftyp'
    offset += length
  }
  const [moov, mdat] = [order.indexOf('moov'), order.indexOf('mdat')]
  return { indexFirst: moov >= 0 && moov < mdat, bare: bare && offset === size && media === samples }
}
