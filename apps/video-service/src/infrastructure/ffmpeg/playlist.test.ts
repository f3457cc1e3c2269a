import { expect, it } from 'vitest'
import { parseMediaPlaylist } from './playlist.ts'

const text =
  '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-MAP:URI="init_0.mp4"\n#EXTINF:2.000000,\n0_00000.m4s\n#EXTINF:1.5,\n0_00001.m4s\n'

it('a playlist tells which segments are whole', () => {
  expect(parseMediaPlaylist(text)).toEqual({
    init: 'init_0.mp4',
    segments: [
      { file: '0_00000.m4s', durationSeconds: 2 },
      { file: '0_00001.m4s', durationSeconds: 1.5 },
    ],
    ended: false,
  })
})

it('a playlist that is still being written tells of its whole lines only', () => {
  expect(parseMediaPlaylist(`${text}#EXTINF:2.0,\n0_0000`).segments).toHaveLength(2)
  expect(parseMediaPlaylist('')).toEqual({ init: undefined, segments: [], ended: false })
})

it('a playlist ends where ffmpeg ended it', () => {
  expect(parseMediaPlaylist(`${text}#EXT-X-ENDLIST\n`).ended).toBe(true)
})
