import { expect, test } from 'vitest'
import { newOpaque } from './keyed-hash.ts'

test('what a client holds is 256 bits that a command line takes for a value, not for an option', () => {
  const made = Array.from({ length: 500 }, newOpaque)
  for (const text of made) expect(text).toMatch(/^[0-9a-f]{64}$/)
  expect(new Set(made).size).toBe(made.length)
})
