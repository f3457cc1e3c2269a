import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isCpf, maskCpf, parseCpf } from './cpf.ts'

describe('a CPF', () => {
  it.each(['111.444.777-35', '52998224725', ' 529.982.247-25 '])('D0-08: %s is accepted in any punctuation', (text) => {
    expect(isCpf(text)).toBe(true)
  })

  it.each(['111.111.111-11', '529.982.247-24', '5299822472', '529982247255', '', 'abc', '529.982.247-25x'])(
    '%s is refused',
    (text) => {
      expect(isCpf(text)).toBe(false)
    },
  )

  it('D0-08: is right for exactly one pair of check digits per base', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999_999_998 }).map((n) => String(n).padStart(9, '0')),
        (base) => {
          fc.pre(!/^(\d)\1{8}$/.test(base))
          const right = Array.from({ length: 100 }, (_, i) => base + String(i).padStart(2, '0')).filter(isCpf)
          expect(right).toHaveLength(1)
        },
      ),
    )
  })

  it('is shown without its first three and last two digits', () => {
    expect(maskCpf(parseCpf('529.982.247-25'))).toBe('***.982.247-**')
  })
})
