import { createHash } from 'node:crypto'
import { ALGORITHMS, type Checksums } from './checksums.ts'
import { LARGEST_OBJECT, type Part, SMALLEST_PART, type Upload } from './object.ts'
import { refusal } from './refusal.ts'

/** What a completion names: the parts that make the object. */
export interface NamedPart {
  readonly number: number
  readonly etag: string
  readonly checksums: Checksums
}

/** The parts that a completion names, found among those that are there.
 *  @throws AppError `InvalidPart`, `InvalidPartOrder`, `EntityTooSmall`, `EntityTooLarge` */
export function chooseParts(named: readonly NamedPart[], there: ReadonlyMap<number, Part>): Part[] {
  if (named.length === 0) throw refusal('MalformedXML', 'You must specify at least one part.')
  const chosen = named.map(({ number, etag, checksums }, i) => {
    if (i > 0 && number <= named[i - 1]!.number) throw refusal('InvalidPartOrder')
    const part = there.get(number)
    const same = ALGORITHMS.every((name) => checksums[name] === undefined || part?.checksums[name] === checksums[name])
    if (part?.etag !== etag || !same) throw refusal('InvalidPart')
    return part
  })
  if (chosen.slice(0, -1).some((part) => part.size < SMALLEST_PART)) throw refusal('EntityTooSmall')
  if (chosen.reduce((sum, { size }) => sum + size, 0) > LARGEST_OBJECT)
    throw refusal('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed object size of 5 TB.')
  return chosen
}

/** Whether the parts lie one after the other in the upload's file, so that nothing needs to be copied. */
export function liesInPlace(upload: Upload, parts: readonly Part[]): boolean {
  return (
    upload.partSize !== undefined &&
    parts.every(
      ({ number, size, fileId }, i) =>
        fileId === undefined && number === i + 1 && (size === upload.partSize || i === parts.length - 1),
    )
  )
}

/** Where the parts' bytes lie: in the upload's file, each at the place of its number, or in one of their own. */
export const piecesOf = (upload: Upload, parts: readonly Part[]) =>
  parts.map(({ fileId, number, size }) =>
    fileId === undefined
      ? { fileId: upload.fileId!, start: (number - 1) * upload.partSize!, size }
      : { fileId, start: 0, size },
  )

/** S3's entity tag of several parts: the MD5 of their MD5s, and how many there were.
 *  @throws AppError `InvalidPart` for one that has no MD5 */
export function multipartEtag(parts: readonly { etag: string }[]): string {
  const hash = createHash('md5')
  if (!parts.every(({ etag }) => /^[\da-f]{32}$/.test(etag))) throw refusal('InvalidPart')
  for (const { etag } of parts) hash.update(Buffer.from(etag, 'hex'))
  return `${hash.digest('hex')}-${parts.length}`
}
