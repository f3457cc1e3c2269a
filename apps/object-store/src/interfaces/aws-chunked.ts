import { refusal } from '../domain/refusal.ts'

/** A chunk's line and the trailers are short; what is longer is no such body. */
const LONGEST_LINE = 4096

const incomplete = (message: string): never => {
  throw refusal('IncompleteBody', message)
}

/** Undoes S3's own chunking, `aws-chunked` with trailers and without signatures (STREAMING-UNSIGNED-PAYLOAD-TRAILER):
 *  `SIZE-IN-HEX CRLF BYTES CRLF … 0 CRLF name:value CRLF CRLF`.
 *  @param trailers filled behind the last byte, names in lower case  @throws AppError `IncompleteBody` */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
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
        yield piece
        rest = rest.subarray(piece.length)
        left = left! - piece.length
        if (left === 0) state = 'crlf'
        continue
      }
      const end = rest.indexOf(0x0a)
      line += rest.toString('latin1', 0, end < 0 ? rest.length : end)
      if (line.length > LONGEST_LINE) incomplete('A chunk of the body has no proper size.')
      if (end < 0) break
      rest = rest.subarray(end + 1)
      if (!line.endsWith('\r')) incomplete('A line between chunks must end with CRLF.')
      const text = line.slice(0, -1)
      line = ''
      if (state === 'crlf') {
        if (text !== '') incomplete('A chunk of the body is longer than its size.')
        state = 'size'
      } else if (state === 'size') {
        const match = /^([\da-f]{1,12})(;.*)?$/i.exec(text) ?? incomplete('A chunk of the body has no proper size.')
        left = Number.parseInt(match[1]!, 16)
        state = left === 0 ? 'trailers' : 'data'
      } else if (text === '') {
        state = 'end'
      } else {
        const colon = text.indexOf(':')
        trailers.set(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim())
      }
    }
  }
  if (state !== 'end') incomplete('The body ends in the middle of a chunk.')
}
