import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { imageName, planFrames } from './frames.ts'

describe('the images of a film', () => {
  it.each([
    [{ everySeconds: 2 }, 10, { images: 5, everySeconds: 2 }],
    [{ everySeconds: 3 }, 10, { images: 4, everySeconds: 3 }],
    [{ everySeconds: 60 }, 10, { images: 1, everySeconds: 60 }],
    [{ count: 4 }, 10, { images: 4, everySeconds: 2.5 }],
  ])('asked for by %o of %i s are %o', (spacing, seconds, plan) => {
    expect(planFrames(spacing, seconds)).toEqual(plan)
  })

  it('lie within the film, the first at its beginning', () => {
    const spacing = fc.oneof(
      fc.record({ everySeconds: fc.double({ min: 0.1, max: 60, noNaN: true }) }),
      fc.record({ count: fc.integer({ min: 1, max: 1000 }) }),
    )
    fc.assert(
      fc.property(spacing, fc.double({ min: 0.1, max: 40_000, noNaN: true }), (asked, seconds) => {
        const { images, everySeconds } = planFrames(asked, seconds)
        expect(images).toBeGreaterThan(0)
        expect((images - 1) * everySeconds).toBeLessThan(Math.max(seconds, 1e-3) + 1e-3)
      }),
    )
  })

  it('are named in order and by their time', () => {
    const plan = { images: 9999, everySeconds: 2.5 }
    expect([1, 2, 2000].map((number) => imageName(number, plan))).toEqual([
      '00001_00h00m00.0s.jpg',
      '00002_00h00m02.5s.jpg',
      '02000_01h23m17.5s.jpg',
    ])
  })
})
