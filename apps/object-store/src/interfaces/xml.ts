import type { NamedPart } from '../domain/assembly.ts'
import { MOST_PARTS } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'

/** A name and what stands in it; `undefined` is left out. */
export type Element = readonly [name: string, content: string | number | undefined | readonly Element[]]

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const escapeXml = (text: string) =>
  text.replace(/[&<>"\r]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? '&#13;')

const unescapeXml = (text: string) =>
  text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (_, hex?: string, decimal?: string, name?: string) => {
    if (name) return ENTITIES[name] ?? malformed()
    const point = hex ? Number.parseInt(hex, 16) : Number(decimal)
    return point <= 0x10ffff ? String.fromCodePoint(point) : malformed()
  })

const malformed = (): never => {
  throw refusal('MalformedXML')
}

function write([name, content]: Element): string {
  if (content === undefined) return ''
  const inner = typeof content === 'object' ? content.map(write).join('') : escapeXml(String(content))
  return `<${name}>${inner}</${name}>`
}

export const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** A result in S3's namespace, without the declaration. */
export function resultXml(name: string, content: string | readonly Element[]): string {
  return write([name, content]).replace(`<${name}>`, `<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`)
}

export function errorXml(code: string, message: string, resource: string, requestId: string): string {
  const content: Element[] = [
    ['Code', code],
    ['Message', message],
    ['Resource', resource],
    ['RequestId', requestId],
  ]
  return write(['Error', content])
}

/** The contents of every `<name>` that stands directly in `text`, which holds nothing else but elements.
 *  S3's requests have neither nesting of equal names nor attributes that matter, so this is all that is read. */
function elements(text: string): [name: string, content: string][] {
  const found: [string, string][] = []
  let rest = text.trim()
  while (rest !== '') {
    const match = /^<([A-Za-z][\w]*)(?:\s[^<>]*)?(?:\/>|>([\s\S]*?)<\/\1\s*>)/.exec(rest) ?? malformed()
    found.push([match[1]!, match[2] ?? ''])
    rest = rest.slice(match[0].length).trimStart()
  }
  return found
}

function inRoot(text: string, root: string): [name: string, content: string][] {
  const [only, ...others] = elements(text.replace(/^\uFEFF?\s*<\?xml[^>]*\?>/, ''))
  if (only?.[0] !== root || others.length > 0) malformed()
  return elements(only![1])
}

const field = (content: string, name: string): string | undefined => {
  const found = elements(content).find(([given]) => given === name)?.[1]
  return found === undefined ? undefined : unescapeXml(found).trim()
}

/** The parts that a CompleteMultipartUpload names. @throws AppError `MalformedXML` */
export function parseCompletion(text: string): NamedPart[] {
  const parts = inRoot(text, 'CompleteMultipartUpload').filter(([name]) => name === 'Part')
  if (parts.length > MOST_PARTS) malformed()
  return parts.map(([, content]) => {
    const [number, etag] = [field(content, 'PartNumber') ?? '', field(content, 'ETag')]
    if (!/^\d{1,5}$/.test(number) || etag === undefined) malformed()
    const checksums = elements(content)
      .filter(([name]) => name.startsWith('Checksum'))
      .map(([name, value]) => [name.slice('Checksum'.length), unescapeXml(value).trim()])
    return { number: Number(number), etag: etag!.replace(/^"|"$/g, ''), checksums: Object.fromEntries(checksums) }
  })
}

/** @throws AppError `MalformedXML`, `NotImplemented` for versions */
export function parseDeletion(text: string): { keys: string[]; quiet: boolean } {
  const content = inRoot(text, 'Delete')
  const objects = content.filter(([name]) => name === 'Object').map(([, object]) => object)
  if (objects.length === 0 || objects.length > 1000) malformed()
  return {
    keys: objects.map((object) => {
      const inner = elements(object)
      if (inner.some(([name]) => name !== 'Key')) throw refusal('NotImplemented')
      // A key may begin or end with a space.
      return unescapeXml(inner[0]?.[1] ?? malformed())
    }),
    quiet: content.some(([name, value]) => name === 'Quiet' && value.trim() === 'true'),
  }
}
