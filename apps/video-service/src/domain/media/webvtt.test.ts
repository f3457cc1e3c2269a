import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainText, readCues, writeWebvtt } from './webvtt.ts'

const cue = (text: string, times = '00:01.000 --> 00:02.500') => `WEBVTT\n\n${times}\n${text}\n`
const only = (text: string) => readCues(cue(text))?.map((read) => read.text)

describe('text that somebody wrote for those who watch', () => {
  it('keeps its times, lines and plain marks', () => {
    expect(readCues(cue('<i>Olá,</i>\nmundo', '01:00:01.000 --> 01:00:02.500'))).toEqual([
      { begin: 3601, end: 3602.5, text: '<i>Olá,</i>\nmundo' },
    ])
  })

  it.each([
    ['a script', '<script>alert(1)</script>', 'alert(1)'],
    ['an image', 'a <img src=x onerror=alert(1)> b', 'a  b'],
    ['a mark with a class', '<c.x><b.y>a</b></c>', 'a</b>'],
    ['a mark within a mark', '<<b>script>', '&lt;<b>script&gt;'],
    ['the arrow of a timing', '00:01.000 --> 00:02.000', '00:01.000 --&gt; 00:02.000'],
    ['signs', 'a < b & c > d &amp; &#x3c; &lt;', 'a &lt; b &amp; c &gt; d &amp; &amp;#x3c; &lt;'],
    ['controls', 'a\u0000\u0007b\u2028c', 'a  b c'],
  ])('tells of %s only what can be read', (_, text, expected) => {
    expect(only(text)).toEqual([expected])
  })

  it.each([
    ['a style', 'STYLE\n::cue { background: url(https://x) }'],
    ['a region', 'REGION\nid:a'],
    ['a comment', 'NOTE nobody reads this'],
    ['a shape that is drawn', '00:01.000 --> 00:02.000\nm 0 0 l 100 0 100 100'],
    ['nothing but marks', '00:01.000 --> 00:02.000\n<c></c>'],
  ])('has no %s', (_, block) => {
    expect(readCues(`WEBVTT\n\n${block}\n`)).toEqual([])
  })

  it('comes in the order of its times, and stays a while where it does not say how long', () => {
    const blocks = ['00:09.000 --> 00:09.000\nc', '00:03.000 --> 00:03.000\nb', '00:01.000 --> 00:02.000\na']
    expect(readCues(`WEBVTT\n\n${blocks.join('\n\n')}`)?.map(({ begin, end }) => [begin, end])).toEqual([
      [1, 2],
      [3, 8],
      [9, 14],
    ])
  })

  it('is refused where there is more of it than a film can have', () => {
    expect(readCues('00:01.000 --> 00:02.000\na\n\n'.repeat(20_001))).toBeUndefined()
  })

  it('is read again as it was written, whatever it says', () => {
    const text = fc.string({
      unit: fc.constantFrom(...'aé<>&;/bi-> \n', '-->', '<b>', '&lt;', '00:01.000'),
      maxLength: 60,
    })
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
        const first = readCues(`WEBVTT\n\n${texts.map((one) => cue(one)).join('\n\n')}`)!
        expect(readCues(writeWebvtt(first, 0))).toEqual(first)
        for (const { text: read } of first) {
          expect(read).not.toMatch(/\n\n/)
          expect(read.replaceAll(/<\/?[biu]>/g, '')).not.toMatch(/[<>]/)
        }
      }),
    )
  })

  it('counts by the clock of the film', () => {
    expect(writeWebvtt([{ begin: 3723.0456, end: 3724, text: 'a' }], 0.2)).toBe(
      'WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:18000,LOCAL:00:00:00.000\n\n01:02:03.046 --> 01:02:04.000\na\n',
    )
  })

  it('is plain without its marks', () => {
    expect(plainText({ begin: 0, end: 1, text: '<i>a &lt; b</i> &amp;amp; c' })).toBe('a < b &amp; c')
  })
})
