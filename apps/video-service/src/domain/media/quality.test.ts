import { describe, expect, it } from 'vitest'
import { canBeFitted, encodedRungs, fitted } from './quality.ts'

const full = { name: '1080', width: 1920, height: 1080 }
const small = { name: '480', width: 854, height: 480 }

describe('the ceiling of a rung', () => {
  it.each([
    ['the best', 1920, 1080, 30, 15_000_000],
    ['the best', 1920, 1080, 60, 21_000_000],
    ['the best', 320, 240, 30, 1_266_000],
    ['a smaller', 1280, 720, 30, 3_266_000],
    ['a smaller', 854, 480, 60, 2_490_000],
  ])('%s of %i × %i at %i frames a second is %i b/s', (which, width, height, rate, expected) => {
    const rung = { name: '', width, height }
    const rungs = encodedRungs(which === 'the best' ? [rung] : [full, rung], rate)
    expect(rungs.at(-1)!.maxRate).toBe(expected)
  })
})

describe('the best picture', () => {
  it.each([
    [94.5, 20],
    [91.8, 17],
    [97.2, 23],
    [10, 15],
    [100, 26],
  ])('whose sample has VMAF %d gets a crf of %i, the others keep theirs', (score, crf) => {
    const rungs = fitted(encodedRungs([full, small], 30), score)
    expect(rungs.map((rung) => rung.crf)).toEqual([crf, 23])
  })

  it('is not fitted where it is the only one, which its preview has begun', () => {
    expect(canBeFitted(encodedRungs([small], 30))).toBe(false)
    expect(canBeFitted(encodedRungs([full, small], 30))).toBe(true)
  })
})
