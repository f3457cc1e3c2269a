import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planParts, sizeOfPart } from './part-plan.ts'

const MiB = 1024 ** 2
const GiB = 1024 ** 3

describe('a part plan', () => {
  it('D1-03: cuts 5 TB into 9,499 parts of 502 MiB', () => {
    expect(planParts(5_000_000_000_000)).toEqual({ partSize: 502 * MiB, partCount: 9_499 })
  })

  it('sends a small file as one part', () => {
    expect(planParts(1)).toEqual({ partSize: 16 * MiB, partCount: 1 })
    expect(planParts(16 * MiB + 1).partCount).toBe(2)
  })

  it('keeps within the limits of S3 and covers every byte once, at any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000_000_000_000 }), (size) => {
        const { partSize, partCount } = planParts(size)
        expect(partCount).toBeLessThanOrEqual(9_500)
        expect(partSize % MiB).toBe(0)
        expect(partSize).toBeGreaterThanOrEqual(16 * MiB)
        expect(partSize).toBeLessThanOrEqual(5 * GiB)
        const last = sizeOfPart(partCount, size, partSize)
        expect(last).toBeGreaterThan(0)
        expect((partCount - 1) * partSize + last).toBe(size)
      }),
    )
  })
})
