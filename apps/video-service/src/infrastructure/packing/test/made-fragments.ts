import { box, fullBox, u32, u64 } from '../../iso/box.ts'

export interface MadeSample {
  readonly duration: number
  readonly size: number
  /** From its decoding to its showing. */
  readonly offset: number
  readonly sync: boolean
}

/** A fragment, and in which of the ways that there are it is told. */
export interface MadeFragment {
  /** Ticks without anything before it. */
  readonly gap: number
  readonly runs: readonly (readonly MadeSample[])[]
  /** Where its runs count from; `implicit`: only the first one says where it lies. */
  readonly base: 'moof' | 'implicit' | 'absolute'
  /** Its samples last as long and are as large as the first of them, which is told once. */
  readonly alike?: boolean
  readonly signed?: boolean
  readonly wide?: boolean
}

/** What its samples really are. */
function samplesOf({ runs, alike, signed }: MadeFragment): MadeSample[][] {
  const [first] = runs[0]!
  return runs.map((run) =>
    run.map((sample) => ({
      ...sample,
      ...(alike && { duration: first!.duration, size: first!.size }),
      offset: signed ? sample.offset : Math.abs(sample.offset),
    })),
  )
}

const flagsOf = (sync: boolean) => (sync ? 0x2000000 : 0x1010000)
/** Samples differ in their bytes. */
const bytesOf = (time: number, size: number) => Buffer.alloc(size, String(time))

/** Bytes of a segment. @param time ticks at which the one before ended */
export function segmentOf(fragments: readonly MadeFragment[], time: number): { bytes: Buffer; end: number } {
  let bytes = box('styp', Buffer.from('msdh'), u32(0))
  let end = time
  for (const made of fragments) {
    end += made.gap
    const media: Buffer[] = []
    let decoded = end
    for (const { duration, size } of samplesOf(made).flat()) {
      media.push(bytesOf(decoded, size))
      decoded += duration
    }
    // The moof says where the media lie behind it, and how long it is itself does not change by that.
    const length = moof(made, end, 0, 0).length
    bytes = Buffer.concat([bytes, moof(made, end, bytes.length, length + 8), box('mdat', ...media)])
    end = decoded
  }
  return { bytes, end }
}

function moof(made: MadeFragment, time: number, start: number, media: number): Buffer {
  const { base, alike, wide } = made
  const runs = samplesOf(made)
  const [first] = runs[0]!
  const header = [
    u32((base === 'moof' ? 0x20000 : 0) | (base === 'absolute' ? 0x1 : 0) | (alike ? 0x18 : 0), 1),
    ...(base === 'absolute' ? [u64(start)] : []),
    ...(alike ? [u32(first!.duration, first!.size)] : []),
  ]
  let at = media
  const truns = runs.map((samples, index) => {
    const told = index === 0 || base !== 'implicit'
    const flags = (told ? 0x1 : 0) | 0xc00 | (alike ? 0 : 0x300) | (alike ? 0x4 : 0)
    const fields = samples.map(({ duration, size, offset, sync }, place) =>
      Buffer.concat([
        alike ? Buffer.alloc(0) : u32(duration, size),
        // Where the first has a word of its own, this one is not heard.
        u32(alike && place === 0 ? 0 : flagsOf(sync)),
        i32(offset),
      ]),
    )
    const version = made.signed ? 2 ** 24 : 0
    const first = [u32(version + flags, samples.length), ...(told ? [i32(at)] : [])]
    at += samples.reduce((sum, { size }) => sum + size, 0)
    return box('trun', ...first, ...(alike ? [u32(flagsOf(samples[0]!.sync))] : []), ...fields)
  })
  const tfdt = wide ? fullBox('tfdt', 1, u64(time)) : fullBox('tfdt', 0, u32(time))
  return box('moof', fullBox('mfhd', 0, u32(1)), box('traf', box('tfhd', ...header), tfdt, ...truns))
}

function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

/** An initialisation segment of one track.  @param late milliseconds of an empty edit; 0 has no edit list */
export function initOf(kind: 'vide' | 'soun', timescale: number, late = 0): Buffer {
  const tables = ['stts', 'stsc', 'stco'].map((type) => fullBox(type, 0, u32(0)))
  const description = fullBox('stsd', 0, u32(1), box('none', Buffer.alloc(8)))
  const stbl = box('stbl', description, ...tables, fullBox('stsz', 0, u32(0, 0)))
  const dinf = box('dinf', fullBox('dref', 0, u32(1), box('url ', u32(1))))
  const mdia = box(
    'mdia',
    fullBox('mdhd', 0, u32(0, 0, timescale, 0, 0x55c40000)),
    fullBox('hdlr', 0, u32(0), Buffer.from(kind), Buffer.alloc(13)),
    box('minf', fullBox(kind === 'vide' ? 'vmhd' : 'smhd', 0, u32(0, 0)), dinf, stbl),
  )
  const list = u32(2, late, 0xffffffff, 0x10000, 0, 0, 0x10000)
  const edits = late > 0 ? [box('edts', fullBox('elst', 0, list))] : []
  const trak = box('trak', fullBox('tkhd', 0, u32(0, 0, 1, 0, 0), Buffer.alloc(60)), ...edits, mdia)
  const mvhd = fullBox('mvhd', 0, u32(0, 0, 1000, 0), Buffer.alloc(80))
  const moov = box('moov', mvhd, trak, box('mvex', fullBox('trex', 0, u32(1, 1, 0, 0, 0))))
  return Buffer.concat([box('ftyp', Buffer.from('iso5'), u32(0)), moov])
}

/** What a film of such segments has to hold: the samples, each as long as until the next one, by its own clock. */
export function mediaBytes(segments: readonly (readonly MadeFragment[])[]) {
  const found: { time: number; offset: number; sync: boolean; bytes: string }[] = []
  const fragments = segments.flat()
  let time = -fragments[0]!.gap
  let absolute = 0
  for (const made of fragments) {
    time += made.gap
    absolute += made.gap
    for (const { duration, size, offset, sync } of samplesOf(made).flat()) {
      found.push({ time, offset, sync, bytes: bytesOf(absolute, size).toString('hex') })
      time += duration
      absolute += duration
    }
  }
  return found
}
