import { describe, expect, it } from 'vitest'
import { DamageReader, GapReader } from './damage-reader.ts'

const read = (...lines: string[]) => {
  const reader = new DamageReader()
  for (const line of lines) reader.line(line)
  return { lost: Object.fromEntries(reader.lost), broken: reader.broken, skipped: reader.skipped }
}

describe('what ffmpeg says of damage', () => {
  it('is counted as 5.1 says it', () => {
    const said = ['Error while decoding stream #0:1: Invalid data found when processing input']
    expect(read(...said, '    Last message repeated 24 times')).toEqual({ lost: { 1: 25 }, broken: 0, skipped: false })
    expect(read('./in: corrupt decoded frame in stream 0')).toMatchObject({ broken: 1 })
  })

  it('is counted as 7.0 says it', () => {
    const said = '[aist#0:1/aac @ 0x1] [dec:aac @ 0x2] Error submitting packet to decoder: Invalid data found'
    expect(read(said, said)).toMatchObject({ lost: { 1: 2 } })
    expect(read('[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x2] corrupt decoded frame')).toMatchObject({ broken: 1 })
  })

  it.each([
    '[matroska,webm @ 0x1] 0x00 at pos 110 (0x6e) invalid as first byte of an EBML number',
    '[matroska,webm @ 0x1] Element at 0x1 ending at 0x9 exceeds containing master element ending at 0x5',
    './in: corrupt input packet in stream 0',
  ])('tells of bytes that were skipped: %s', (line) => {
    expect(read(line)).toMatchObject({ skipped: true })
  })

  it('is the end of what is read where nothing more is found', () => {
    const reader = new DamageReader()
    reader.line('[mpegts @ 0x1] max resync size reached, could not find sync byte')
    expect(reader.gaveUp).toBe(true)
  })

  it('is not what it says of other things, however often', () => {
    expect(read('[hls @ 0x1] Opening a.m3u8', '    Last message repeated 9 times')).toEqual({
      lost: {},
      broken: 0,
      skipped: false,
    })
  })
})

describe('a gap', () => {
  const longest = (...times: number[]) => {
    const reader = new GapReader()
    for (const time of times) reader.add(time)
    return reader.longest
  }

  it('is the longest time without a packet', () => {
    expect(longest(0, 0.1, 0.2, 1.5, 1.6)).toBeCloseTo(1.3)
  })

  it('is none where frames only come in another order than they are shown', () => {
    expect(longest(0, 0.3, 0.1, 0.2, 0.6, 0.4, 0.5)).toBeCloseTo(0.3)
  })

  it('is none where the clock is another one from there on', () => {
    expect(longest(0, 0.1, 5000, 5000.1)).toBeCloseTo(0.1)
    expect(longest(9000, 9000.1, 0, 0.1)).toBeCloseTo(0.1)
  })
})
