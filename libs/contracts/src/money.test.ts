import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Centavos } from './money.ts'

describe('money on the wire', () => {
  it('comes back to the centavo, beyond what a double can tell', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constant(9007199254740993n), fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n })),
        (amount) => {
          const wire = JSON.parse(JSON.stringify(z.encode(Centavos, amount)))
          expect(z.decode(Centavos, wire)).toBe(amount)
        },
      ),
    )
  })

  it.each(['', '1.5', '1e3', '-0', '01', ' 1', '0x10', 12, null])('is not %j', (wire) => {
    expect(Centavos.safeParse(wire).success).toBe(false)
  })
})
