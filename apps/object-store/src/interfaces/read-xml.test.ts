import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCompletion, parseDeletion } from './read-xml.ts'

const escaped = (text: string) => text.replace(/[&<>"\r\n\t]/g, (c) => `&#${c.codePointAt(0)};`)

describe("S3's XML", () => {
  it('names keys as they were sent, whatever stands in them', () => {
    const key = fc
      .string({ minLength: 1, unit: 'binary' })
      .filter((text) => !/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text))
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 5 }), (keys) => {
        const xml = `<Delete>${keys.map((each) => `<Object><Key>${escaped(each)}</Key></Object>`).join('')}</Delete>`
        expect(parseDeletion(xml).deletions.map((each) => each.key)).toEqual(keys)
      }),
    )
  })

  it('names parts with their checksums, with a declaration and a namespace or without', () => {
    const part = '<Part><PartNumber> 7 </PartNumber><ETag>"abc"</ETag><ChecksumCRC32>x==</ChecksumCRC32></Part>'
    const plain = `<CompleteMultipartUpload>${part}</CompleteMultipartUpload>`
    const dressed = `<?xml version="1.0" encoding="UTF-8"?>\n<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\n ${part}\n</CompleteMultipartUpload>`
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
  ])('that has %s is refused', (_, xml) => {
    expect(() => parseDeletion(xml)).toThrow(expect.objectContaining({ code: 'MalformedXML' }))
  })
})
