import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCompletion, parseDeletion } from './read-xml.ts'

const escaped = (text: string) => text.replace(/[&<>"\0-\x1f\ufffe\uffff]/g, (c) => `&#${c.codePointAt(0)};`)
const keyIn = (xml: string) => parseDeletion(`<Delete><Object><Key>${xml}</Key></Object></Delete>`).deletions[0]!.key

describe("S3's XML", () => {
  it('names keys as they were sent, whatever stands in them', () => {
    const key = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !text.includes('\0'))
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 5 }), (keys) => {
        const xml = `<Delete>${keys.map((each) => `<Object><Key>${escaped(each)}</Key></Object>`).join('')}</Delete>`
        expect(parseDeletion(xml).deletions.map((each) => each.key)).toEqual(keys)
      }),
    )
  })

  // Left out, as by some parsers, these would name the object "ab".
  it.each([
    ['a&#1;b', 'a\x01b'],
    ['a&#x1F;b', 'a\x1fb'],
    ['a&#xFFFE;b', 'a\ufffeb'],
    ['a<![CDATA[&lt;&]]>b', 'a&lt;&b'],
    ['a&amp;lt;b', 'a&lt;b'],
    ['a&#38;lt;b', 'a&lt;b'],
    ['a&#x1F950;b', 'a\u{1F950}b'],
    ['a<!-- no --><?part of it?>b', 'ab'],
    [' a ', ' a '],
    ['a\r\nb&#13;', 'a\nb\r'],
    ['true', 'true'],
    ['1e3', '1e3'],
  ])('names by %j the key %j', (xml, key) => {
    expect(keyIn(xml)).toBe(key)
  })

  it.each([
    'a&#xD800;b',
    'a&#55357;&#56832;b',
    'a&#x110000;b',
    'a&#9999999;b',
    'a&#x;b',
    'a&;b',
    'a&b',
    'a&amp',
    '&&&&&&&',
    '&AMP;',
    '&toString;',
  ])('names by %j nothing', (xml) => {
    expect(() => keyIn(xml)).toThrow(expect.objectContaining({ code: 'MalformedXML' }))
  })

  it('names parts with their checksums, with a declaration and a namespace or without', () => {
    const part = '<Part><PartNumber> 7 </PartNumber><ETag>"abc"</ETag><ChecksumCRC32>x==</ChecksumCRC32></Part>'
    const plain = `<CompleteMultipartUpload>${part}</CompleteMultipartUpload>`
    const dressed = `<?xml version="1.0" encoding="UTF-8"?>\n<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\n ${part}\n</CompleteMultipartUpload>`
    expect(() => parseCompletion(dressed.replace('UTF-8', 'ISO-8859-1'))).toThrow(
      expect.objectContaining({ code: 'MalformedXML' }),
    )
    for (const xml of [plain, dressed, `\uFEFF${dressed}`]) {
      expect(parseCompletion(xml)).toEqual([{ number: 7, etag: 'abc', checksums: { CRC32: 'x==' } }])
    }
  })

  it.each([
    ['a definition of its own', '<!DOCTYPE Delete [<!ENTITY x "y">]><Delete><Object><Key>&x;</Key></Object></Delete>'],
    ['a reference to nothing', '<Delete><Object><Key>&x;</Key></Object></Delete>'],
    ['a reference to U+0000', '<Delete><Object><Key>&#0;</Key></Object></Delete>'],
    ['an element that is not closed', '<Delete><Object><Key>a</Object></Delete>'],
    ['two roots', '<Delete><Object><Key>a</Key></Object></Delete><Delete/>'],
    ['another root', '<Erase><Object><Key>a</Key></Object></Erase>'],
    ['nothing', ''],
    ['no key', '<Delete><Object/></Delete>'],
    ['an empty key', '<Delete><Object><Key/></Object></Delete>'],
    ['two keys', '<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>'],
    ['a key with elements in it', '<Delete><Object><Key>a<b/>c</Key></Object></Delete>'],
    ['text behind its end', '<Delete><Object><Key>a</Key></Object></Delete>more'],
    ['a bracket in an attribute', '<Delete><Object><Key x=">y">a</Key x="></Object></Delete>'],
    ['an attribute without its end', '<Delete><Object><Key x=">a</Key></Object></Delete>'],
    ['depth', `<Delete>${'<a>'.repeat(500_000)}${'</a>'.repeat(500_000)}<Object><Key>a</Key></Object></Delete>`],
    ['more elements than any request', `<Delete>${'<a/>'.repeat(900_000)}<Object><Key>a</Key></Object></Delete>`],
    ['a comment without end', `<Delete>${'<!--'.repeat(800_000)}`],
    ['a tag without end', `<Delete ${'x="y" '.repeat(500_000)}`],
    ['endless spaces in a tag', `<Delete${' '.repeat(4_000_000)}><Object><Key>a</Key></Object></Delete>`],
    ['a name of an object', '<Delete><__proto__><Quiet>true</Quiet></__proto__><toString/></Delete>'],
  ])('that has %s is refused, and soon', (_, xml) => {
    expect(() => parseDeletion(xml)).toThrow(expect.objectContaining({ code: 'MalformedXML' }))
  })
})
