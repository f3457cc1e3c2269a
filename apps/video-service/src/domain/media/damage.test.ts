import { describe, expect, it } from 'vitest'
import { isNoticed } from './damage.ts'
import type { Probe } from './probe.ts'

const whole = { pictures: 0, sounds: 0, skippedSeconds: 0, gaveUp: false }
const probe = (leading: number) => ({ video: { leading } }) as Probe

describe('damage', () => {
  it.each([
    ['ten pictures', { pictures: 10 }],
    ['ten packets of sound', { sounds: 10 }],
    ['an end that was not found', { gaveUp: true }],
    ['a second that was skipped', { skippedSeconds: 1 }],
  ])('is noticed: %s', (_, damage) => {
    expect(isNoticed({ ...whole, ...damage }, probe(0))).toBe(true)
  })

  it.each([
    ['nothing', {}, 0],
    ['the last picture and the first sound', { pictures: 1, sounds: 1 }, 0],
    ['pictures before the first key frame', { pictures: 40 }, 40],
  ])('is not noticed: %s', (_, damage, leading) => {
    expect(isNoticed({ ...whole, ...damage }, probe(leading))).toBe(false)
  })
})
