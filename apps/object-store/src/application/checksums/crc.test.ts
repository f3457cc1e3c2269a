import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CRCS, type CrcName, combineCrc, startCrc } from './crc.ts'

const names = Object.keys(CRCS) as CrcName[]
const of = (name: CrcName, ...chunks: Uint8Array[]) => {
  const digest = startCrc(name)
  for (const chunk of chunks) digest.update(Buffer.from(chunk))
  return Buffer.from(digest.digest(), 'base64')
}

describe('a cyclic check', () => {
  // The check values of the catalogue of parametrised CRC algorithms (reveng.sourceforge.io).
  it.each([
    ['CRC32', 'cbf43926'],
    ['CRC32C', 'e3069283'],
    ['CRC64NVME', 'ae8b14860a799888'],
  ] as const)('%s of "123456789" is %s', (name, sum) => {
    expect(of(name, Buffer.from('123456789')).toString('hex')).toBe(sum)
  })

  it.each(names)('%s is the same however the bytes are cut', (name) => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (chunks) => {
        expect(of(name, ...chunks)).toEqual(of(name, Buffer.concat(chunks)))
      }),
    )
  })

  it.each(names)('%s of two texts follows from those of each', (name) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 100 }), (one, two) => {
        expect(combineCrc(name, of(name, one), of(name, two), two.length)).toEqual(of(name, one, two))
      }),
    )
  })

  it('is combined over more bytes than a number of 32 bits counts', () => {
    const zeros = Buffer.alloc(1 << 20)
    let sum: Buffer = of('CRC32', zeros)
    let size = zeros.length
    while (size < 2 ** 33) {
      sum = combineCrc('CRC32', sum, sum, size)
      size *= 2
    }
    let expected = 0
    for (let at = 0; at < 2 ** 26; at += zeros.length) expected = crc32(zeros, expected)
    let half: Buffer = Buffer.alloc(4)
    let halfSize = 2 ** 26
    half.writeUInt32BE(expected)
    while (halfSize < 2 ** 33) {
      half = combineCrc('CRC32', half, half, halfSize)
      halfSize *= 2
    }
    expect(sum).toEqual(half)
  })
})
