import { box } from '../iso/box.ts'
import { boxesIn, findBox } from '../iso/boxes-in.ts'
import { broken } from './broken.ts'

/** What a sample is where its fragment does not say (§8.8.3). */
export interface SampleDefaults {
  readonly duration: number
  readonly size: number
  readonly flags: number
}

/** The one track that an initialisation segment describes. */
export interface TrackHeader {
  readonly id: number
  readonly kind: 'picture' | 'sound'
  /** Ticks a second. */
  readonly timescale: number
  /** Ticks by which its times are shown later than the fragments say, below zero: earlier (§8.6.6). */
  readonly shift: number
  readonly defaults: SampleDefaults
  /** From `layer` of its `tkhd` on: layer, group, volume, matrix, width and height. */
  readonly appearance: Buffer
  /** ISO 639-2 in 15 bits, and `pre_defined`. */
  readonly language: Buffer
  /** Whole boxes, to be written again as they are: `hdlr`, and of `minf` all but `stbl`. */
  readonly handler: Buffer
  readonly mediaInformation: readonly Buffer[]
  readonly sampleDescription: Buffer
}

/** Reads an initialisation segment: `ftyp` and `moov` of a fragmented file with one track.
 *  @throws AppError `video/verification_failed` */
export function readTrackHeader(init: Buffer): TrackHeader {
  const strange = [...boxesIn(init)].find(({ type }) => !['ftyp', 'moov', 'free'].includes(type))
  if (strange) throw broken(`an init segment with ${strange.type}`)
  const moov = findBox(init, ['moov'])
  const traks = moov ? [...boxesIn(moov)].filter(({ type }) => type === 'trak') : []
  if (traks.length !== 1) throw broken(`an init segment with ${traks.length} tracks`)
  const trak = traks[0]!.content
  const find = (...path: string[]) => {
    const content = findBox(trak, path)
    if (!content) throw broken(`an init segment without ${path.join('/')}`)
    return content
  }
  const [tkhd, mdhd, hdlr, stsd] = [
    find('tkhd'),
    find('mdia', 'mdhd'),
    find('mdia', 'hdlr'),
    find('mdia', 'minf', 'stbl', 'stsd'),
  ]
  const [wideTimes, wideMedia] = [tkhd[0] === 1, mdhd[0] === 1]
  const timescale = mdhd.readUInt32BE(wideMedia ? 20 : 12)
  const kind = kinds[hdlr.toString('latin1', 8, 12)]
  if (!kind || timescale === 0) throw broken('an init segment of neither picture nor sound')
  if (stsd.readUInt32BE(4) !== 1) throw broken('samples of more than one description')
  const id = tkhd.readUInt32BE(wideTimes ? 20 : 12)
  return {
    id,
    kind,
    timescale,
    shift: shiftOf(moov!, trak, timescale),
    defaults: defaultsOf(moov!, id),
    appearance: Buffer.from(tkhd.subarray(wideTimes ? 44 : 32)),
    language: Buffer.from(mdhd.subarray(wideMedia ? 32 : 20, wideMedia ? 36 : 24)),
    handler: box('hdlr', hdlr),
    mediaInformation: [...boxesIn(find('mdia', 'minf'))]
      .filter(({ type }) => type !== 'stbl')
      .map(({ type, content }) => box(type, content)),
    sampleDescription: box('stsd', stsd),
  }
}

const kinds: Readonly<Record<string, TrackHeader['kind']>> = { vide: 'picture', soun: 'sound' }

function defaultsOf(moov: Buffer, id: number): SampleDefaults {
  for (const { type, content } of boxesIn(findBox(moov, ['mvex']) ?? Buffer.alloc(0))) {
    if (type !== 'trex' || content.readUInt32BE(4) !== id) continue
    if (content.readUInt32BE(8) !== 1) throw broken('samples of another description than the first')
    return { duration: content.readUInt32BE(12), size: content.readUInt32BE(16), flags: content.readUInt32BE(20) }
  }
  throw broken('an init segment without trex')
}

/** An edit list that makes its track begin later or cuts off its start, and does nothing else. */
function shiftOf(moov: Buffer, trak: Buffer, timescale: number): number {
  const elst = findBox(trak, ['edts', 'elst'])
  const mvhd = findBox(moov, ['mvhd'])
  if (!elst) return 0
  if (!mvhd) throw broken('an init segment without mvhd')
  const movieTimescale = mvhd.readUInt32BE(mvhd[0] === 1 ? 20 : 12)
  const entryBytes = elst[0] === 1 ? 20 : 12
  const count = elst.readUInt32BE(4)
  let empty = 0
  for (let entry = 0; entry < count; entry++) {
    const at = 8 + entry * entryBytes
    const duration = elst[0] === 1 ? Number(elst.readBigUInt64BE(at)) : elst.readUInt32BE(at)
    const time = elst[0] === 1 ? Number(elst.readBigInt64BE(at + 8)) : elst.readInt32BE(at + 4)
    if (time >= 0 && entry === count - 1) return Math.round((empty * timescale) / movieTimescale) - time
    if (time !== -1) break
    empty += duration
  }
  throw broken('an edit list of several parts')
}
