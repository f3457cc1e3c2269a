import { describe, expect, it } from 'vitest'
import { agree } from './extent.ts'

describe('two durations', () => {
  it.each([
    [10, 10.5, true],
    [10, 10.51, false],
    [1000, 1010, true],
    [1000, 1012, false],
    [0.2, 0.6, true],
  ])('of %d s and %d s agree: %s', (one, other, expected) => {
    expect(agree(one, other)).toBe(expected)
  })
})
