import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ladder } from './ladder.ts'

describe('the ladder of qualities', () => {
  it.each([
    [1920, 1080, ['1080 1920×1080', '720 1280×720', '480 854×480']],
    [3840, 2160, ['1080 1920×1080', '720 1280×720', '480 854×480']],
    [1080, 1920, ['1080 1080×1920', '720 720×1280', '480 480×854']],
    [1280, 720, ['720 1280×720', '480 854×480']],
    [1920, 800, ['1080 1920×800', '720 1280×534', '480 854×356']],
    [640, 480, ['480 640×480']],
    [320, 240, ['240 320×240']],
    [321, 239, ['238 320×238']],
    [1068, 480, ['480 1068×480', '384 854×384']],
    [1, 1, ['2 2×2']],
  ])('of %i × %i', (width, height, expected) => {
    expect(ladder(width, height).map((rung) => `${rung.name} ${rung.width}×${rung.height}`)).toEqual(expected)
  })

  it('is never larger than its source, always even, and falls from rung to rung', () => {
    const side = fc.integer({ min: 2, max: 8192 })
    fc.assert(
      fc.property(side, side, (width, height) => {
        const rungs = ladder(width, height)
        expect(rungs.length).toBeGreaterThan(0)
        expect(new Set(rungs.map(({ name }) => name)).size).toBe(rungs.length)
        for (const [at, rung] of rungs.entries()) {
          expect(rung.width % 2 || rung.height % 2).toBe(0)
          expect(rung.width <= width && rung.height <= height).toBe(true)
          const above = rungs[at - 1]
          if (above) expect(rung.width <= above.width && rung.height <= above.height).toBe(true)
        }
      }),
    )
  })
})
