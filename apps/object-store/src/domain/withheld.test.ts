import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkFolder, foldersOf } from './withheld.ts'

describe('a key', () => {
  it('lies in every folder that its name begins with, and in no other', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é'), minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(text, text, (key, prefix) => {
        const below = prefix.endsWith('/') && key.startsWith(prefix)
        expect(foldersOf(key).includes(prefix)).toBe(below)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('what is withheld', () => {
  it.each(['output/ana/1', '', 'a/\0/', `${'a'.repeat(1024)}/`])('is a folder, and not %j', (prefix) => {
    expect(() => checkFolder(prefix)).toThrow()
  })
})
