import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openClips } from '../../../test/clips.ts'
import type { LooseRendition } from '../../application/ports/packer.ts'
import { box } from '../iso/box.ts'
import { findBox } from '../iso/boxes-in.ts'
import { isoPacker } from './iso-packer.ts'
import { initOf, type MadeFragment, mediaBytes, segmentOf } from './test/made-fragments.ts'
import { readSamples } from './test/read-samples.ts'

const forever = new AbortController().signal
let dir: string
let clips: Awaited<ReturnType<typeof openClips>>
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'balcao-pack-'))
  clips = await openClips()
})
afterAll(async () => {
  await clips?.remove()
  await rm(dir, { recursive: true, force: true })
})

/** A rendition that has these fragments, some in each segment. */
async function written(name: string, kind: 'vide' | 'soun', segments: readonly (readonly MadeFragment[])[]) {
  const initPath = join(dir, `${name}-init.mp4`)
  await writeFile(initPath, initOf(kind, 1000))
  const written: { path: string }[] = []
  let decodeTime = 0
  for (const [number, fragments] of segments.entries()) {
    const path = join(dir, `${name}-${number}.m4s`)
    const { bytes, end } = segmentOf(fragments, decodeTime)
    decodeTime = end
    await writeFile(path, bytes)
    written.push({ path })
  }
  return { initPath, segments: written }
}

async function packed(...renditions: LooseRendition[]) {
  const to = join(dir, 'packed.mp4')
  await rm(to, { force: true })
  const places = await isoPacker.film(renditions, to, forever)
  return { bytes: await readFile(to), places }
}

const filesOf = ({ initPath, segments }: LooseRendition) =>
  Promise.all([initPath, ...segments.map(({ path }) => path)].map((path) => readFile(path)))
const bytesAt = (bytes: Buffer, { start, size }: { start: number; size: number }) => bytes.subarray(start, start + size)

const sample = fc.record({
  duration: fc.integer({ min: 1, max: 5000 }),
  size: fc.integer({ min: 0, max: 40 }),
  offset: fc.integer({ min: -3000, max: 3000 }),
  sync: fc.boolean(),
})
const fragment: fc.Arbitrary<MadeFragment> = fc.record({
  gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 9000 })),
  runs: fc.array(fc.array(sample, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 }),
  base: fc.constantFrom('moof', 'implicit', 'absolute'),
  alike: fc.boolean(),
  signed: fc.boolean(),
  wide: fc.boolean(),
})
const segments = fc.array(fc.array(fragment, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 })

describe('a packed film', () => {
  it('has every sample of every fragment, when and how it was, whatever way it was told', async () => {
    const check = async (picture: MadeFragment[][], sound: MadeFragment[][]) => {
      const { bytes } = await packed(await written('v', 'vide', picture), await written('a', 'soun', sound))
      for (const [track, made] of [picture, sound].entries()) {
        expect(readSamples(bytes, track)).toEqual(mediaBytes(made))
      }
    }
    await fc.assert(fc.asyncProperty(segments, segments, check), { numRuns: 60 })
  })

  it('has every rendition as it was, piece by piece', async () => {
    const check = async (picture: MadeFragment[][], sound: MadeFragment[][]) => {
      const renditions = [await written('v', 'vide', picture), await written('a', 'soun', sound)]
      const { bytes, places } = await packed(...renditions)
      for (const [index, rendition] of renditions.entries()) {
        const place = places[index]!
        const pieces = [place.init, ...place.segments].map((range) => bytesAt(bytes, range))
        expect(pieces).toEqual(await filesOf(rendition))
      }
    }
    await fc.assert(fc.asyncProperty(segments, segments, check), { numRuns: 20 })
  })

  it('is an index and one box of media, as far as those see who know nothing of fragments', async () => {
    const one = { gap: 0, runs: [[{ duration: 9, size: 3, offset: 0, sync: true }]], base: 'moof' } as const
    const { bytes } = await packed(await written('v', 'vide', [[one]]))
    const types: string[] = []
    for (let at = 0; at < bytes.length; ) {
      const size = bytes.readUInt32BE(at)
      types.push(bytes.toString('latin1', at + 4, at + 8))
      at += size === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : size
    }
    expect(types).toEqual(['ftyp', 'moov', 'mdat'])
    expect(findBox(bytes, ['moov', 'mvex'])).toBeUndefined()
  })
})

describe('a rung that is packed by itself', () => {
  it('lies in its file piece by piece', async () => {
    const rung = await written('r', 'vide', [[someFragment], [someFragment, someFragment]])
    const to = join(dir, 'rung.mp4')
    const { init, segments } = await isoPacker.rendition(rung, to, forever)
    const pieces = [init, ...segments].map((range) => range.start)
    expect(pieces).toEqual([...pieces].sort((one, other) => one - other))
    const bytes = await readFile(to)
    const files = await filesOf(rung)
    expect([init, ...segments].map((range) => bytesAt(bytes, range))).toEqual(files)
    expect(bytes).toHaveLength(files.reduce((sum, file) => sum + file.length, 0))
  })
})

const someFragment: MadeFragment = {
  gap: 0,
  runs: [
    [
      { duration: 1000, size: 3, offset: 0, sync: true },
      { duration: 1000, size: 2, offset: 0, sync: false },
    ],
  ],
  base: 'moof',
}

describe('nothing is packed, and the job tries again, of', () => {
  it.each<[what: string, spoil: (segment: Buffer) => Buffer]>([
    ['a segment that was cut', (segment) => segment.subarray(0, -2)],
    ['a segment whose samples are not there', (segment) => segment.subarray(0, segment.indexOf('mdat') - 4)],
    ['a segment with a box that nobody knows', (segment) => Buffer.concat([segment, box('what')])],
    ['a fragment of another track', (segment) => withUint32(segment, segment.indexOf('tfhd') + 8, 7)],
    ['a fragment that ends within a table', (segment) => withUint32(segment, segment.indexOf('trun') + 8, 1000)],
    ['a fragment from before the last one', (segment) => Buffer.concat([segment, segment])],
  ])('%s', async (_, spoil) => {
    const loose = await written('v', 'vide', [[{ ...someFragment, gap: 5000 }]])
    const { path } = loose.segments[0]!
    await writeFile(path, spoil(await readFile(path)))
    await expect(packed(loose)).rejects.toMatchObject({ kind: 'unavailable', code: 'video/verification_failed' })
  })
})

function withUint32(bytes: Buffer, at: number, value: number): Buffer {
  bytes.writeUInt32BE(value, at)
  return bytes
}

/** Picture and sound as jobs have them written. @param options of the output  @param flags of its fragments */
async function loose(name: string, inputs: readonly string[], options: readonly string[], flags = '') {
  const out = (file: string) => `${name}-${file}`
  await clips.made(out('%v.m3u8'), [
    ...[...inputs, '-map', '0:v', '-map', '1:a', '-c:v', 'libx264', '-preset', 'veryfast', '-g', '30', '-c:a', 'aac'],
    ...[...options, '-hls_segment_options', `movflags=+frag_discont${flags}`],
    ...['-f', 'hls', '-hls_segment_type', 'fmp4', '-hls_time', '2', '-hls_playlist_type', 'event'],
    ...['-hls_flags', 'independent_segments+temp_file', '-hls_fmp4_init_filename', out('init_%v.mp4')],
    ...['-hls_segment_filename', out('%v_%05d.m4s'), '-var_stream_map', 'v:0 a:0'],
  ])
  const names = (await readdir(clips.path('.'))).filter((file) => file.startsWith(out('')) && file.endsWith('.m4s'))
  return [0, 1].map((output) => ({
    initPath: clips.path(out(`init_${output}.mp4`)),
    segments: names
      .filter((file) => file.startsWith(out(`${output}_`)))
      .sort()
      .map((file) => ({ path: clips.path(file) })),
  }))
}

/** The first two segments as one, with two fragments in it. */
async function firstTwoAsOne({ initPath, segments: [one, two, ...rest] }: LooseRendition): Promise<LooseRendition> {
  await appendFile(one!.path, await readFile(two!.path))
  return { initPath, segments: [one!, ...rest] }
}

interface Frame {
  readonly seconds: number
  readonly hash: string
}

/** The frames of one track as ffmpeg reads them. @param how decoded, or as they lie in the file */
async function frames(file: string, track: number, how: 'decoded' | 'copied'): Promise<Frame[]> {
  const read = how === 'copied' ? ['-copyts'] : ['-ignore_editlist', '1']
  const write = how === 'copied' ? ['-c', 'copy'] : ['-fps_mode', 'passthrough']
  const path = await clips.made('frames.md5', [...read, '-i', file, '-map', `0:${track}`, ...write, '-f', 'framemd5'])
  const text = await readFile(path, 'utf8')
  const [, up, down] = /#tb 0: (\d+)\/(\d+)/.exec(text)!
  return text
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.split(',').map((field) => field.trim()))
    .map((fields) => ({ seconds: (Number(fields[2]) * Number(up)) / Number(down), hash: fields[5]! }))
}

const picture = (rate = '30') => ['-f', 'lavfi', '-i', `testsrc2=s=160x120:r=${rate}:d=5`]
const sound = ['-f', 'lavfi', '-i', 'anoisesrc=a=0.1:r=48000:d=5']
const uneven = ['-vf', "select='not(mod(n*n\\,7)*between(t\\,1\\,4))'", '-fps_mode', 'vfr']

describe('a packed film of ffmpeg', () => {
  const cases: [what: string, inputs: string[], options: string[], flags?: string][] = [
    ['frames out of order', [...picture(), ...sound], ['-bf', '2']],
    ['frames shown before they are decoded', [...picture(), ...sound], ['-bf', '2'], '+negative_cts_offsets'],
    ['frames in order', [...picture(), ...sound], ['-bf', '0']],
    ['uneven frames', [...picture(), ...sound], uneven],
    ['a rate that no clock divides', [...picture('30000/1001'), ...sound], []],
    ['sound that begins late', [...picture(), '-itsoffset', '1.5', ...sound], ['-bf', '2']],
    ['a picture that begins late', ['-itsoffset', '1.5', ...picture(), ...sound], ['-fps_mode', 'passthrough']],
    ['several fragments in a segment', [...picture(), ...sound], ['-bf', '2']],
  ]
  it.each(cases)('shows and sounds as its segments do: %s', async (what, inputs, options, flags) => {
    const name = what.replaceAll(' ', '_')
    const written = await loose(name, inputs, options, flags)
    const renditions = what.startsWith('several') ? await Promise.all(written.map(firstTwoAsOne)) : written
    const to = clips.path(`${name}.mp4`)
    await isoPacker.film(renditions, to, forever)
    const begins: number[] = []
    const shifts: number[][] = []
    for (const [track, rendition] of renditions.entries()) {
      const hls = await clips.text(`${name}-joined.mp4`, Buffer.concat(await filesOf(rendition)))
      const hashes = async (file: string, index: number) =>
        (await frames(file, index, 'decoded')).map(({ hash }) => hash)
      const expected = await hashes(hls, 0)
      expect(expected.length).toBeGreaterThan(50)
      expect(await hashes(to, track)).toEqual(expected)
      const [before, after] = [await frames(hls, 0, 'copied'), await frames(to, track, 'copied')]
      expect(after.map(({ hash }) => hash)).toEqual(before.map(({ hash }) => hash))
      shifts.push(after.map(({ seconds }, frame) => seconds - before[frame]!.seconds))
      begins.push(Math.min(...after.map(({ seconds }) => seconds)))
    }
    // All of it is moved by as much, so that what is shown first is shown at once. (Of fragments with times below zero
    // ffmpeg shows the picture a frame late.)
    for (const moved of flags ? shifts : [shifts.flat()]) {
      expect(Math.max(...moved) - Math.min(...moved)).toBeLessThan(0.0005)
    }
    expect(Math.min(...begins.map((begin) => Math.abs(begin)))).toBeLessThan(0.0005)
  })
})
