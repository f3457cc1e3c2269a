import { describe, expect, it } from 'vitest'
import type { Probe } from './probe.ts'
import { rejections } from './rejections.ts'
import { takenBy, wayAfter } from './ways.ts'

const track = { index: 0 }
const probe = (tracks: object) => tracks as Probe
const both = probe({ video: track, sounds: [track] })
const [all, nothing] = [
  { picture: true, sound: true },
  { picture: false, sound: false },
]

describe('a film that did not come out', () => {
  it('is encoded when it was copied', () => {
    expect(wayAfter('copy', both, all)).toBe('encode')
    expect(wayAfter('copy', probe({ sounds: [track] }), { picture: false, sound: true })).toBe('encode')
  })

  it.each(['copy', 'encode'] as const)('is made of what can be decoded after the way "%s"', (way) => {
    expect(wayAfter(way, both, { picture: true, sound: false })).toBe('picture')
    expect(wayAfter(way, both, { picture: false, sound: true })).toBe('sound')
  })

  it('is refused where nothing can be decoded, at once', () => {
    expect(wayAfter('copy', both, nothing)).toBe(rejections.undecodable)
    expect(wayAfter('copy', probe({ video: track, sounds: [] }), { picture: false, sound: true })).toBe(
      rejections.undecodable,
    )
  })

  it('has no way after the last that could help', () => {
    expect(wayAfter('encode', both, all)).toBeUndefined()
    expect(wayAfter('picture', both, { picture: true, sound: false })).toBeUndefined()
    expect(wayAfter('sound', both, { picture: false, sound: true })).toBeUndefined()
  })

  it('takes in each way only its tracks', () => {
    expect(takenBy('picture', both)).toEqual({ video: track, sounds: [] })
    expect(takenBy('sound', both)).toEqual({ sounds: [track] })
    expect(takenBy('encode', both)).toBe(both)
  })
})
