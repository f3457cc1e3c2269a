import { expect, it } from 'vitest'
import { boxesIn, findBox } from '../iso/boxes-in.ts'
import { movieIndex } from './movie-index.ts'
import { SampleTable } from './sample-table.ts'
import { initOf } from './test/made-fragments.ts'
import { readTrackHeader } from './track-header.ts'

const GIB = 1024 ** 3

/** A film of so many hours of which a second takes so many bytes, without any. */
function film(hours: number, bytesPerSecond: number) {
  const header = readTrackHeader(initOf('vide', 90_000))
  const samples = new SampleTable()
  const second = Array.from({ length: 30 }, (_, frame) => ({
    duration: 3000,
    size: bytesPerSecond / 30,
    compositionOffset: [3000, 9000, 3000, 0][frame % 4]!,
    sync: frame === 0,
  }))
  for (let at = 0; at < hours * 3600; at++) {
    const runs = [{ start: 500, samples: second }]
    samples.add({ decodeTime: 90_000 * at, runs }, at * (500 + bytesPerSecond))
  }
  return movieIndex([{ header, samples }])
}

const stblOf = (moov: Buffer) => findBox(moov, ['moov', 'trak', 'mdia', 'minf', 'stbl'])!

it('a film of more than 4 GiB tells where its samples lie with 64 bits, one below with 32', () => {
  const [small, large] = [film(1, 300_000)(5000), film(2, 900_000)(5000)]
  expect(findBox(stblOf(small), ['co64'])).toBeUndefined()
  expect(findBox(stblOf(small), ['stco'])?.readUInt32BE(8)).toBe(5500)
  const places = findBox(stblOf(large), ['co64'])!
  expect(findBox(stblOf(large), ['stco'])).toBeUndefined()
  expect(places.readUInt32BE(4)).toBe(7200)
  const last = Number(places.readBigUInt64BE(places.length - 8))
  expect(last).toBe(5000 + 7199 * 900_500 + 500)
  expect(last).toBeGreaterThan(4 * GIB)
})

it('a film of many hours tells with 64 bits how long it is', () => {
  const moov = film(14, 3000)(5000)
  for (const path of [['mvhd'], ['trak', 'tkhd'], ['trak', 'edts', 'elst'], ['trak', 'mdia', 'mdhd']]) {
    expect([path, findBox(moov, ['moov', ...path])?.[0]]).toEqual([path, 1])
  }
  const mdhd = findBox(moov, ['moov', 'trak', 'mdia', 'mdhd'])!
  expect(Number(mdhd.readBigUInt64BE(24))).toBe(14 * 3600 * 90_000)
})

it('the index of a film of two hours is a few megabytes, and so is what is kept to write it', () => {
  const before = process.memoryUsage().arrayBuffers
  const index = film(2, 300_000)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 ** 2)
  expect(index(5000).length).toBeLessThan(4 * 1024 ** 2)
})

it('a track that its init segment shows later, as ffmpeg of long ago says it, begins later', () => {
  const track = (kind: 'vide' | 'soun', late: number) => {
    const samples = new SampleTable()
    const sample = { duration: 1000, size: 1, compositionOffset: 0, sync: true }
    samples.add({ decodeTime: 0, runs: [{ start: 0, samples: [sample] }] }, 0)
    return { header: readTrackHeader(initOf(kind, 48_000, late)), samples }
  }
  const moov = findBox(movieIndex([track('vide', 0), track('soun', 1500)])(0), ['moov'])!
  const [picture, sound] = [...boxesIn(moov)]
    .filter(({ type }) => type === 'trak')
    .map(({ content }) => findBox(content, ['edts', 'elst'])!)
  // How many edits, and of the first how long it is and where in the track it begins.
  expect([4, 8, 12].map((at) => picture!.readInt32BE(at))).toEqual([1, 1875, 0])
  expect([4, 8, 12].map((at) => sound!.readInt32BE(at))).toEqual([2, 1.5 * 90_000, -1])
})
