import { refusal } from './refusal.ts'

/** Both ends are included. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** The one range that a Range header asks for; undefined where S3 answers with the whole object: no header, another
 *  unit, several ranges (RFC 9110 §14.2). @param size bytes of the object  @throws AppError `InvalidRange` */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [first, last] = [match[1], match[2]].map((digits) => (digits === '' ? undefined : Number(digits)))
  if (first === undefined) {
    if (last === 0 || size === 0) throw refusal('InvalidRange')
    return { start: Math.max(0, size - last!), end: size - 1 }
  }
  if (last !== undefined && last < first) return undefined
  if (first >= size) throw refusal('InvalidRange')
  return { start: first, end: Math.min(last ?? size - 1, size - 1) }
}
