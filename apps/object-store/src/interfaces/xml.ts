/** A name and what stands in it; `undefined` is left out. */
export type Element = readonly [name: string, content: string | number | undefined | readonly Element[]]

/** Characters that XML 1.0 has no form for (§2.2). */
export const UNWRITABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** What cannot be written is written by its number, as S3 does it: a strict parser stops there. */
const escapeXml = (text: string) =>
  text.replace(/[&<>"\r\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, (c) => NAMED[c] ?? `&#${c.codePointAt(0)};`)

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
