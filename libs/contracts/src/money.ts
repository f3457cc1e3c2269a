import { z } from 'zod'

/** Money in centavos: a bigint in code, a decimal string on the wire, so that no reader makes a double of it. */
export const Centavos = z.codec(
  z.string().regex(/^(0|-?[1-9]\d{0,18})$/, 'must be whole centavos, as decimal text'),
  z.bigint(),
  {
    decode: (text) => BigInt(text),
    encode: (amount) => amount.toString(),
  },
)
