import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterPrefix, checkBucketName } from './names.ts'

const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
const text = fc.string({ unit: 'binary', maxLength: 6 })

describe('the text after a prefix', () => {
  it('comes behind everything that begins with it, and before all else that does', () => {
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        const after = afterPrefix(prefix)
        if (after === undefined) return
        expect(compare(prefix + other, after)).toBeLessThan(0)
        if (!other.startsWith(prefix) && compare(other, prefix) > 0)
          expect(compare(other, after)).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it.each([
    ['a', 'b'],
    ['a/', 'a0'],
    ['\ud7ff', '\ue000'],
    ['a\u{10ffff}', 'b'],
    ['\u{10ffff}', undefined],
    ['', undefined],
  ])('%j is %j', (prefix, after) => {
    expect(afterPrefix(prefix)).toBe(after)
  })
})

describe('a bucket', () => {
  it.each(['balcao-media', 'video-temp-conversion', 'a.b-c', '123'])('may be called %s', (name) => {
    expect(() => checkBucketName(name)).not.toThrow()
  })

  it.each(['auth', 'ab', 'A-bucket', '-a', 'a-', 'a..b', 'a/b', 'x'.repeat(64), ''])(
    'may not be called "%s"',
    (name) => {
      expect(() => checkBucketName(name)).toThrow(expect.objectContaining({ code: 'InvalidBucketName' }))
    },
  )
})
