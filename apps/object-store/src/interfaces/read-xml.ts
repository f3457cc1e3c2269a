import { XMLParser, XMLValidator } from 'fast-xml-parser'
import type { Deletion } from '../application/delete-objects.ts'
import type { NamedPart } from '../domain/assembly.ts'
import { MOST_PARTS } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  // A key may begin or end with a space.
  trimValues: false,
  // Numeric references too; names are those of XML alone (FOREIGN).
  htmlEntities: true,
  isArray: (name) => name === 'Part' || name === 'Object',
})
/** What no request of S3 has and no parser should be asked about: definitions of its own, references to nothing. */
const FOREIGN = /<!DOCTYPE|&(?!(?:amp|lt|gt|quot|apos|#(?!0+;)\d{1,7}|#x(?!0+;)[\da-f]{1,6});)/i

const malformed = (): never => {
  throw refusal('MalformedXML')
}

type Content = Readonly<Record<string, unknown>>

function inRoot(text: string, root: string): Content {
  const plain = text.replace(/^\uFEFF/, '').trim()
  if (FOREIGN.test(plain) || XMLValidator.validate(plain) !== true) malformed()
  const content: unknown = (parser.parse(plain) as Content)[root]
  return typeof content === 'object' && content !== null ? (content as Content) : malformed()
}

const list = (value: unknown): Content[] =>
  Array.isArray(value) ? value.map((each) => (typeof each === 'object' && each !== null ? each : malformed())) : []

const trimmed = (value: unknown): string | undefined => (typeof value === 'string' ? value.trim() : undefined)

/** The parts that a CompleteMultipartUpload names. @throws AppError `MalformedXML` */
export function parseCompletion(text: string): NamedPart[] {
  const parts = list(inRoot(text, 'CompleteMultipartUpload').Part)
  if (parts.length > MOST_PARTS) malformed()
  return parts.map((part) => {
    const [number, etag] = [trimmed(part.PartNumber) ?? '', trimmed(part.ETag)]
    if (!/^\d{1,5}$/.test(number) || etag === undefined) malformed()
    const checksums = Object.entries(part)
      .filter(([name]) => name.startsWith('Checksum'))
      .map(([name, value]) => [name.slice('Checksum'.length), trimmed(value) ?? malformed()])
    return { number: Number(number), etag: etag!.replace(/^"|"$/g, ''), checksums: Object.fromEntries(checksums) }
  })
}

/** @throws AppError `MalformedXML`, `NotImplemented` for versions and conditions on size or time */
export function parseDeletion(text: string): { deletions: Deletion[]; quiet: boolean } {
  const content = inRoot(text, 'Delete')
  const objects = list(content.Object)
  if (objects.length === 0 || objects.length > 1000) malformed()
  return {
    deletions: objects.map(({ Key: key, ETag: etag, ...others }) => {
      if (Object.keys(others).some((name) => name !== '#text')) throw refusal('NotImplemented')
      if (etag !== undefined && trimmed(etag) === undefined) malformed()
      return { key: typeof key === 'string' ? key : malformed(), ifMatch: trimmed(etag) }
    }),
    quiet: trimmed(content.Quiet) === 'true',
  }
}
