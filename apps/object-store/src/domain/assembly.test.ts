import { describe, expect, it } from 'vitest'
import { chooseParts } from './assembly.ts'
import { LARGEST_BODY, LARGEST_OBJECT, type Part } from './object.ts'

describe('the parts of an object', () => {
  it('are refused where it would be larger than any object', () => {
    const parts = Array.from({ length: 1025 }, (_, i): Part => {
      const place = { number: i + 1, claim: '', fileId: undefined }
      return { ...place, size: LARGEST_BODY, etag: 'x', checksums: {}, createdAt: new Date(0) }
    })
    const there = new Map(parts.map((part) => [part.number, part]))
    expect(LARGEST_OBJECT).toBe(1024 * LARGEST_BODY)
    expect(chooseParts(parts.slice(0, 1024), there)).toHaveLength(1024)
    expect(() => chooseParts(parts, there)).toThrow(expect.objectContaining({ code: 'EntityTooLarge' }))
  })
})
