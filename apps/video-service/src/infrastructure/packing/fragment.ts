import { type Box, boxesIn } from '../iso/boxes-in.ts'
import { broken } from './broken.ts'
import type { SampleDefaults, TrackHeader } from './track-header.ts'

export interface Sample {
  readonly duration: number
  readonly size: number
  /** Ticks from its decoding to its showing. */
  readonly compositionOffset: number
  /** Decoding may begin here. */
  readonly sync: boolean
}

/** Samples whose bytes lie one after the other. */
export interface Run {
  /** Where its first byte lies, counted from where the segment begins. */
  readonly start: number
  readonly samples: readonly Sample[]
}

/** A movie fragment of one track (§8.8). */
export interface Fragment {
  /** Ticks at which its first sample is decoded; undefined where it goes on from the one before. */
  readonly decodeTime: number | undefined
  readonly runs: readonly Run[]
}

/** Flags of `tfhd` (§8.8.7), of `trun` (§8.8.8) and of a sample (§8.8.3.1). */
const TFHD = { base: 0x1, description: 0x2, duration: 0x8, size: 0x10, flags: 0x20, empty: 0x10000 } as const
const TRUN = { offset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, composition: 0x800 } as const
const NON_SYNC = 0x10000
/** More than segments of a few seconds have. */
const MAX_SAMPLES = 2 ** 20

/** Reads a fragment. @param moof its content  @param moofStart where the box begins in its segment
 *  @throws AppError `video/verification_failed` */
export function readFragment(moof: Buffer, moofStart: number, track: TrackHeader): Fragment {
  const trafs = [...boxesIn(moof)].filter(({ type }) => type === 'traf')
  if (trafs.length !== 1) throw broken(`a fragment of ${trafs.length} tracks`)
  const boxes = [...boxesIn(trafs[0]!.content)]
  const tfhd = boxes.find(({ type }) => type === 'tfhd')
  if (!tfhd) throw broken('a fragment without tfhd')
  const { base, defaults, empty } = readHeader(new Fields(tfhd), moofStart, track)
  const tfdt = boxes.find(({ type }) => type === 'tfdt')?.content
  const runs: Run[] = []
  // A run that does not say where it lies goes on where the one before ends.
  let next = base
  for (const trun of empty ? [] : boxes.filter(({ type }) => type === 'trun')) {
    const run = readRun(new Fields(trun), base, next, defaults)
    next = run.start + run.samples.reduce((sum, { size }) => sum + size, 0)
    runs.push(run)
  }
  return {
    decodeTime: tfdt && (tfdt[0] === 1 ? Number(tfdt.readBigUInt64BE(4)) : tfdt.readUInt32BE(4)),
    runs,
  }
}

function readHeader(fields: Fields, moofStart: number, track: TrackHeader) {
  if (fields.u32() !== track.id) throw broken('a fragment of another track')
  // With or without default-base-is-moof: the only track of a fragment counts from where that begins.
  const base = fields.has(TFHD.base) ? fields.u64() : moofStart
  if (fields.has(TFHD.description) && fields.u32() !== 1) throw broken('samples of another description than the first')
  const { duration, size, flags } = track.defaults
  const defaults = {
    duration: fields.has(TFHD.duration) ? fields.u32() : duration,
    size: fields.has(TFHD.size) ? fields.u32() : size,
    flags: fields.has(TFHD.flags) ? fields.u32() : flags,
  }
  return { base, defaults, empty: fields.has(TFHD.empty) }
}

function readRun(fields: Fields, base: number, next: number, defaults: SampleDefaults): Run {
  const count = fields.u32()
  if (count > MAX_SAMPLES) throw broken(`a run of ${count} samples`)
  const start = fields.has(TRUN.offset) ? base + fields.i32() : next
  const firstFlags = fields.has(TRUN.firstFlags) ? fields.u32() : undefined
  const samples: Sample[] = []
  for (let index = 0; index < count; index++) {
    const duration = fields.has(TRUN.duration) ? fields.u32() : defaults.duration
    const size = fields.has(TRUN.size) ? fields.u32() : defaults.size
    const own = fields.has(TRUN.flags) ? fields.u32() : defaults.flags
    const flags = index === 0 && firstFlags !== undefined ? firstFlags : own
    const compositionOffset = fields.has(TRUN.composition) ? (fields.version === 1 ? fields.i32() : fields.u32()) : 0
    if (compositionOffset >= 2 ** 31) throw broken('a sample that is shown much later than it is decoded')
    samples.push({ duration, size, compositionOffset, sync: (flags & NON_SYNC) === 0 })
  }
  return { start, samples }
}

/** The fields of a box with version and flags, one after the other. */
class Fields {
  readonly version: number
  readonly #flags: number
  #at = 4

  constructor(private readonly box: Box) {
    this.version = this.#sized(4, () => box.content[0]!)
    this.#flags = box.content.readUIntBE(1, 3)
  }

  has = (flag: number) => (this.#flags & flag) !== 0
  u32 = () => this.#sized(this.#at + 4, () => this.box.content.readUInt32BE(this.#at))
  i32 = () => this.#sized(this.#at + 4, () => this.box.content.readInt32BE(this.#at))
  u64 = () => this.#sized(this.#at + 8, () => Number(this.box.content.readBigUInt64BE(this.#at)))

  #sized(end: number, read: () => number): number {
    if (end > this.box.content.length) throw broken(`a ${this.box.type} that is too short`)
    const value = read()
    this.#at = end
    return value
  }
}
