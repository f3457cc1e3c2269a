import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeAwsChunked, type Trailer } from './aws-chunked.ts'

const TRAILER = 'x-amz-checksum-crc32'

async function decoded(pieces: readonly Buffer[], trailer: Trailer = { name: undefined, value: undefined }) {
  const source = (async function* () {
    yield* pieces
  })()
  const found: Buffer[] = []
  for await (const piece of decodeAwsChunked(source, trailer)) found.push(piece)
  return found
}

describe('a body in chunks of S3', () => {
  it('is what the chunks hold, however they and their bytes are cut', async () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 100 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(chunks, fc.integer({ min: 1, max: 300 }), async (sent, size) => {
        const framed = [...sent, new Uint8Array()].map((chunk) => [
          Buffer.from(`${chunk.length.toString(16)}\r\n`),
          chunk,
          Buffer.from(chunk.length > 0 ? '\r\n' : `${TRAILER}: AAAA\r\n\r\n`),
        ])
        const wire = Buffer.concat(framed.flat())
        const pieces = Array.from({ length: Math.ceil(wire.length / size) }, (_, i) =>
          Buffer.from(wire.subarray(i * size, (i + 1) * size)),
        )
        const trailer = { name: TRAILER, value: undefined }
        expect(Buffer.concat(await decoded(pieces, trailer)).equals(Buffer.concat(sent))).toBe(true)
        expect(trailer.value).toBe('AAAA')
      }),
    )
  })

  it('of one byte each is one piece, not a million', async () => {
    const wire = Buffer.from(`${'1\r\na\r\n'.repeat(100_000)}0\r\n\r\n`)
    expect((await decoded([wire])).map((piece) => piece.toString())).toEqual(['a'.repeat(100_000)])
  })

  it.each([
    ['was not announced', 'x-other: AAAA\r\n', TRAILER],
    ['came where none was announced', `${TRAILER}: AAAA\r\n`, undefined],
    ['came twice', `${TRAILER}: AAAA\r\n${TRAILER}: AAAA\r\n`, TRAILER],
    ['is one of very many', Array.from({ length: 10_000 }, (_, i) => `x${i}: y\r\n`).join(''), TRAILER],
  ])('is refused with a trailer that %s', async (_, lines, name) => {
    const body = decoded([Buffer.from(`1\r\na\r\n0\r\n${lines}\r\n`)], { name, value: undefined })
    await expect(body).rejects.toMatchObject({ code: 'IncompleteBody' })
  })
})
