import { describe, expect, it } from 'vitest'
import { disguised } from './disguise.ts'

describe('a file under a media name', () => {
  it.each([
    ['an HLS playlist', '#EXTM3U\n#EXT-X-VERSION:3'],
    ['an HLS playlist behind a byte order mark', '\u00ef\u00bb\u00bf\n#EXTM3U'],
    ['a concat script', 'ffconcat version 1.0'],
    ['a DASH manifest', '<?xml version="1.0"?><MPD>'],
    ['an SVG', '  <svg xmlns="http://www.w3.org/2000/svg">'],
    ['a session description', 'v=0\r\no=- 0 0'],
  ])('that is %s is refused for its kind', (_, text) => {
    expect(disguised(Buffer.from(text, 'latin1'))?.code).toBe('video/unsupported_container')
  })

  it.each([
    ['empty', Buffer.alloc(0)],
    ['a gzip', Buffer.from([0x1f, 0x8b, 8, 0])],
  ])('that is %s is no media', (_, head) => {
    expect(disguised(head)?.code).toBe('video/not_media')
  })

  it.each([
    ['an MP4', Buffer.from('\0\0\0\x20ftypisom', 'latin1')],
    ['Matroska', Buffer.from([0x1a, 0x45, 0xdf, 0xa3])],
    ['an AVI', Buffer.from('RIFF\0\0\0\0AVI ', 'latin1')],
    ['a transport stream', Buffer.from([0x47, 0x40, 0])],
  ])('that is %s is left to the probe', (_, head) => {
    expect(disguised(head)).toBeUndefined()
  })
})
