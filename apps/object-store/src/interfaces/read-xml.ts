import type { Deletion } from '../application/objects/delete-objects.ts'
import type { NamedPart } from '../domain/assembly.ts'
import { ALGORITHMS, type Checksums } from '../domain/checksums.ts'
import { MOST_PARTS } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import { entityTags } from './conditional-headers.ts'
import { malformed, readXml, type XmlElement } from './xml-reader.ts'

function rootOf(text: string, name: string): XmlElement {
  const root = readXml(text)
  return root.name === name ? root : malformed()
}

const named = (element: XmlElement, name: string) => element.children.filter((child) => child.name === name)

const textIn = ({ text, children }: XmlElement): string => (children.length === 0 ? text : malformed())

/** The text of the one child of that name. */
function textOf(element: XmlElement, name: string): string | undefined {
  const [child, ...others] = named(element, name)
  if (others.length > 0) malformed()
  return child && textIn(child)
}

/** The parts that a CompleteMultipartUpload names. @throws AppError `MalformedXML` */
export function parseCompletion(text: string): NamedPart[] {
  const parts = named(rootOf(text, 'CompleteMultipartUpload'), 'Part')
  if (parts.length > MOST_PARTS) malformed()
  return parts.map((part) => {
    const [number, etag] = [textOf(part, 'PartNumber')?.trim() ?? '', textOf(part, 'ETag')?.trim()]
    if (!/^\d{1,5}$/.test(number) || etag === undefined) malformed()
    return { number: Number(number), etag: etag!.replace(/^"|"$/g, ''), checksums: checksumsIn(part) }
  })
}

function checksumsIn({ children }: XmlElement): Checksums {
  const found = children
    .filter(({ name }) => name.startsWith('Checksum'))
    .map((child) => {
      const algorithm = ALGORITHMS.find((each) => child.name === `Checksum${each}`)
      return [algorithm ?? malformed(), textIn(child).trim()]
    })
  return Object.fromEntries(found)
}

/** @throws AppError `MalformedXML`, `NotImplemented` for versions and conditions on size or time */
export function parseDeletion(text: string): { deletions: Deletion[]; quiet: boolean } {
  const root = rootOf(text, 'Delete')
  const objects = named(root, 'Object')
  if (objects.length === 0 || objects.length > 1000) malformed()
  return {
    deletions: objects.map((object) => {
      if (object.children.some(({ name }) => name !== 'Key' && name !== 'ETag')) throw refusal('NotImplemented')
      // A key may begin or end with a space.
      const etag = textOf(object, 'ETag')?.trim()
      return {
        key: textOf(object, 'Key') || malformed(),
        ifMatch: etag === undefined ? undefined : entityTags(etag, 'strong'),
      }
    }),
    quiet: textOf(root, 'Quiet')?.trim() === 'true',
  }
}
