import { describe, expect, it } from 'vitest'
import { bodyOf, imagesOf, isInBounds } from './spacing.ts'

describe('a choice of images', () => {
  it.each([
    [{ kind: 'interval', value: 2 }, 5],
    [{ kind: 'interval', value: 3 }, 4],
    [{ kind: 'interval', value: 60 }, 1],
    [{ kind: 'count', value: 7 }, 7],
  ] as const)('%o of a film of ten seconds gives %i', (choice, images) => {
    expect(imagesOf(choice, 10)).toBe(images)
  })

  it.each([
    [{ kind: 'interval', value: 0.1 }, true],
    [{ kind: 'interval', value: 0.05 }, false],
    [{ kind: 'interval', value: 60.1 }, false],
    [{ kind: 'count', value: 1000 }, true],
    [{ kind: 'count', value: 1001 }, false],
    [{ kind: 'count', value: 1.5 }, false],
    [{ kind: 'count', value: Number.NaN }, false],
  ] as const)('%o may be made: %s', (choice, expected) => {
    expect(isInBounds(choice)).toBe(expected)
  })

  it('is told as the contract has it', () => {
    expect([bodyOf({ kind: 'count', value: 3 }), bodyOf({ kind: 'interval', value: 0.5 })]).toEqual([
      { count: 3 },
      { everySeconds: 0.5 },
    ])
  })
})
