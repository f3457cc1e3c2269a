import { describe, expect, it } from 'vitest'
import { newId, randomToken } from './ids.ts'

describe('an id', () => {
  it('is a UUID of version 7 that tells when it was made (RFC 9562 §5.7)', () => {
    const made = Date.parse('2026-01-15T12:00:00.123Z')
    expect(newId(made)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt(newId(made).replaceAll('-', '').slice(0, 12), 16)).toBe(made)
  })

  it('is never the same twice', () => {
    expect(new Set(Array.from({ length: 1000 }, () => newId(0))).size).toBe(1000)
  })
})

it('gives a token of 256 bits that a command line takes for a value, not for an option', () => {
  const made = Array.from({ length: 500 }, () => randomToken())
  for (const text of made) expect(text).toMatch(/^[0-9a-f]{64}$/)
  expect(new Set(made).size).toBe(made.length)
})

it('gives a token as many bytes as it is asked for', () => {
  expect(randomToken()).toMatch(/^[0-9a-f]{64}$/)
  expect(randomToken(4)).toMatch(/^[0-9a-f]{8}$/)
})
