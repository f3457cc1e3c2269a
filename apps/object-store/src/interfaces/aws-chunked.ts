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

/** Undoes S3's own chunking, `aws-chunked`: `SIZE-IN-HEX CRLF BYTES CRLF … 0 CRLF name:value CRLF CRLF`, where a size may
 *  be followed by `;chunk-signature=…` and the trailers by their own signature.
 *  @param trailers filled behind the last byte, names in lower case  @param signatures what those of the body must be,
 *  where it is signed  @throws AppError `IncompleteBody`, `SignatureDoesNotMatch` */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
  signatures?: ChunkSignatures,
): AsyncGenerator<Buffer> {
  let [signed, digest] = ['', createHash('sha256')]
  const endOfChunk = () => {
    if (!signatures) return
    compare(signatures.chunk(digest.digest('hex')), signed)
    digest = createHash('sha256')
  }
  /** The lines of the trailers as they are signed. */
  let lines = ''
  let separated = false
  // Of the chunk that is being read: bytes still to come; undefined while its line is read.
  let left: number | undefined
  let state: 'size' | 'data' | 'crlf' | 'trailers' | 'end' = 'size'
  let line = ''
  for await (const input of source) {
    let rest = input
    while (rest.length > 0) {
      if (state === 'end') incomplete('There are bytes behind the last chunk.')
      if (state === 'data') {
        const piece = rest.subarray(0, left)
        if (signatures) digest.update(piece)
        yield piece
        rest = rest.subarray(piece.length)
        left = left! - piece.length
        if (left === 0) {
          endOfChunk()
          state = 'crlf'
        }
        continue
      }
      const end = rest.indexOf(0x0a)
      line += rest.toString('latin1', 0, end < 0 ? rest.length : end)
      if (line.length > LONGEST_LINE) incomplete('A chunk of the body has no proper size.')
      if (end < 0) break
      rest = rest.subarray(end + 1)
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
        if (!signatures || lines === '' || trailers.has(TRAILER_SIGNATURE)) state = 'end'
        else separated = true
      } else {
        const colon = text.indexOf(':')
        const [name, value] = [text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()]
        trailers.set(name, value)
        if (name !== TRAILER_SIGNATURE) lines += `${name}:${value}\n`
      }
    }
  }
  if (state !== 'end' && !separated) incomplete('The body ends in the middle of a chunk.')
  if (signatures && lines !== '')
    compare(signatures.trailer(hash('sha256', lines)), trailers.get(TRAILER_SIGNATURE) ?? '')
}
