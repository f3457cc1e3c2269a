import { refusal } from '../domain/refusal.ts'

/** An element with the text that stands in it; what its attributes say is nothing to S3. */
export interface XmlElement {
  readonly name: string
  readonly children: XmlElement[]
  text: string
}

/** A completion of 10,000 parts, each with its number, its tag and every checksum. */
const MOST_ELEMENTS = 100_000
const DEEPEST = 16
const OPENING = /<([A-Za-z_][\w:.-]{0,99})/y
const ATTRIBUTE = /\s{1,99}[A-Za-z_][\w:.-]{0,99}\s{0,99}=\s{0,99}(?:"[^"<]{0,999}"|'[^'<]{0,999}')/y
const END_OF_OPENING = /\s{0,99}(\/?)>/y
const CLOSING = /<\/([A-Za-z_][\w:.-]{0,99})\s{0,99}>/y
const REFERENCE = /&([^&;]{1,10});/y
const OTHER_ENCODING = /^xml\s.{0,999}\bencoding\s*=\s*["'](?!(?:utf-?8|us-ascii)["'])/is
const NAMED = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }))

/** @throws AppError `MalformedXML`, always */
export const malformed = (): never => {
  throw refusal('MalformedXML')
}

/** Reads what a request of S3 may send: XML 1.0 without definitions, in a time that its length bounds. A character that
 *  XML cannot hold may be named by its number, as S3 does it itself; nothing is ever left out, or a key would be another.
 *  @throws AppError `MalformedXML` */
export function readXml(text: string): XmlElement {
  const source = text.replace(/\r\n?/g, '\n')
  const document: XmlElement = { name: '', children: [], text: '' }
  const open = [document]
  let elements = 0
  let at = 0
  const read = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(source)
    if (found) at = pattern.lastIndex
    return found
  }
  /** What stands between two marks. */
  const between = (start: string, end: string): string | undefined => {
    if (!source.startsWith(start, at)) return undefined
    const from = at + start.length
    const to = source.indexOf(end, from)
    if (to < 0) malformed()
    at = to + end.length
    return source.slice(from, to)
  }

  while (at < source.length) {
    const inner = open.at(-1)!
    const next = source.indexOf('<', at)
    if (next !== at) {
      const end = next < 0 ? source.length : next
      inner.text += decoded(source.slice(at, end))
      at = end
      continue
    }
    if (between('<!--', '-->') !== undefined) continue
    const instruction = between('<?', '?>')
    // Text of another encoding was read as what it is not.
    if (instruction !== undefined && OTHER_ENCODING.test(instruction)) malformed()
    if (instruction !== undefined) continue
    const literal = between('<![CDATA[', ']]>')
    if (literal !== undefined) {
      inner.text += literal
      continue
    }
    const closing = read(CLOSING)
    if (closing) {
      if (open.pop()!.name !== closing[1]) malformed()
      continue
    }
    const name = read(OPENING)?.[1] ?? malformed()
    while (read(ATTRIBUTE)) {} // each is as short as its pattern
    const end = read(END_OF_OPENING) ?? malformed()
    const element: XmlElement = { name, children: [], text: '' }
    inner.children.push(element)
    if (end[1] === '') open.push(element)
    if (++elements > MOST_ELEMENTS || open.length > DEEPEST) malformed()
  }
  const [root, ...others] = document.children
  if (open.length !== 1 || !root || others.length > 0 || document.text.trim() !== '') return malformed()
  return root
}

/** Reference by reference: the first that is none ends it. */
function decoded(text: string): string {
  let [result, at] = ['', 0]
  for (let next = text.indexOf('&'); next >= 0; next = text.indexOf('&', at)) {
    REFERENCE.lastIndex = next
    const [reference, name] = REFERENCE.exec(text) ?? malformed()
    result += text.slice(at, next) + (NAMED.get(name!) ?? numbered(name!))
    at = next + reference.length
  }
  return result + text.slice(at)
}

function numbered(name: string): string {
  const [, decimal, hexadecimal] = /^#(?:(\d+)|x([\da-f]+))$/i.exec(name) ?? malformed()
  const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal!, 16)
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
  return isCharacter ? String.fromCodePoint(code) : malformed()
}
