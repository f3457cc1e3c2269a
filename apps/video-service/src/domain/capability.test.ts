import { randomBytes } from 'node:crypto'
import { newId } from '@balcao/kernel'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Capability, capabilitySeconds, openCapability, sealCapability } from './capability.ts'

const key = randomBytes(32)
const capability: Capability = {
  videoId: newId(),
  attempt: 3,
  issuedAt: new Date('2026-01-15T12:00:00Z'),
  expiresAt: new Date('2026-01-15T20:00:00Z'),
  live: true,
}

describe('a capability', () => {
  it('opens to what was sealed', () => {
    expect(openCapability(sealCapability(capability, key), key)).toEqual(capability)
  })

  it('fits a path segment', () => {
    expect(sealCapability(capability, key)).toMatch(/^[\w-]{58}$/)
  })

  it('does not open with another key', () => {
    expect(openCapability(sealCapability(capability, key), randomBytes(32))).toBeUndefined()
  })

  it('does not open once any of its characters is another', () => {
    const sealed = sealCapability(capability, key)
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom(...'abcXYZ019-_=.'), (at, char) => {
        fc.pre(sealed[at] !== char)
        expect(openCapability(sealed.slice(0, at) + char + sealed.slice(at + 1), key)).toBeUndefined()
      }),
    )
  })

  it.each(['', 'a', 'x'.repeat(58), '../../etc'])('%j opens to nothing', (text) => {
    expect(openCapability(text, key)).toBeUndefined()
  })

  it('lasts as long as the film and six hours, and never longer than a signature may', () => {
    expect(capabilitySeconds(90.5)).toBe(91 + 21_600)
    expect(capabilitySeconds(1e9)).toBe(7 * 86_400)
  })
})
