import { createHash, hash } from 'node:crypto'
import { type ChunkSignatures, isSameSignature } from '@balcao/platform/aws'
import { refusal } from '../domain/refusal.ts'

/** A chunk's line and the trailers are short; what is longer is no such body. */
const LONGEST_LINE = 4096

function compare(expected: string, given: string): void {
  if (!isSameSignature(expected, given))
    throw refusal('SignatureDoesNotMatch', 'The signature of a chunk of the body does not match it.')
}

const incomplete = (message: string): never => {
  throw refusal('IncompleteBody', message)
}

const TRAILER_SIGNATURE = 'x-amz-trailer-signature'

/** What may follow the last chunk. */
export interface Trailer {
  /** In lower case, as it was announced; undefined where nothing was. */
  readonly name: string | undefined
  /** Undefined until it is read. */
  value: string | undefined
}

/** Undoes S3's own chunking, `aws-chunked`: `SIZE-IN-HEX CRLF BYTES CRLF … 0 CRLF name:value CRLF CRLF`, where a size may
 *  be followed by `;chunk-signature=…` and the trailers by their own signature. Buffers of `source` are written over.
 *  @param trailer filled behind the last byte  @param signatures what those of the body must be, where it is signed
 *  @throws AppError `IncompleteBody`, `SignatureDoesNotMatch` */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailer: Trailer,
  signatures?: ChunkSignatures,
): AsyncGenerator<Buffer> {
  let [signed, digest] = ['', createHash('sha256')]
  const endOfChunk = () => {
    if (!signatures) return
    compare(signatures.chunk(digest.digest('hex')), signed)
    digest = createHash('sha256')
  }
  let signatureOfTrailer: string | undefined
  let separated = false
  // Of the chunk that is being read: bytes still to come; undefined while its line is read.
  let left: number | undefined
  let state: 'size' | 'data' | 'crlf' | 'trailers' | 'end' = 'size'
  let line = ''
  for await (const input of source) {
    // What the chunks hold is moved together: many small ones are one piece.
    let held = 0
    for (let at = 0; at < input.length; ) {
      if (state === 'end') incomplete('There are bytes behind the last chunk.')
      if (state === 'data') {
        const until = Math.min(at + left!, input.length)
        if (signatures) digest.update(input.subarray(at, until))
        if (at > held) input.copyWithin(held, at, until)
        held += until - at
        left = left! - (until - at)
        at = until
        if (left === 0) {
          endOfChunk()
          state = 'crlf'
        }
        continue
      }
      const end = input.indexOf(0x0a, at)
      line += input.toString('latin1', at, end < 0 ? input.length : end)
      if (line.length > LONGEST_LINE) incomplete('A chunk of the body has no proper size.')
      if (end < 0) break
      at = end + 1
      const crlf = line.endsWith('\r')
      // minio-go ends trailers as they are signed, by LF alone.
      if (!crlf && state !== 'trailers') incomplete('A line between chunks must end with CRLF.')
      const text = crlf ? line.slice(0, -1) : line
      line = ''
      if (state === 'crlf') {
        if (text !== '') incomplete('A chunk of the body is longer than its size.')
        state = 'size'
      } else if (state === 'size') {
        const match = /^([\da-f]{1,12})(;.*)?$/i.exec(text) ?? incomplete('A chunk of the body has no proper size.')
        left = Number.parseInt(match[1]!, 16)
        signed = /;chunk-signature=([\da-f]{64})$/.exec(text)?.[1] ?? ''
        if (left === 0) endOfChunk()
        state = left === 0 ? 'trailers' : 'data'
      } else if (text === '') {
        // minio-go has an empty line before the signature too.
        if (!signatures || trailer.value === undefined || signatureOfTrailer !== undefined) state = 'end'
        else separated = true
      } else {
        const colon = text.indexOf(':')
        const [name, value] = [text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()]
        if (name === TRAILER_SIGNATURE) signatureOfTrailer = value
        else if (name !== trailer.name || trailer.value !== undefined) incomplete('A trailer was not announced.')
        else trailer.value = value
      }
    }
    if (held > 0) yield input.subarray(0, held)
  }
  if (state !== 'end' && !separated) incomplete('The body ends in the middle of a chunk.')
  if (signatures && trailer.value !== undefined)
    compare(signatures.trailer(hash('sha256', `${trailer.name}:${trailer.value}\n`)), signatureOfTrailer ?? '')
}
