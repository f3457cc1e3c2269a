import { describe, expect, it } from 'vitest'
import { masterPlaylist, mediaPlaylist, type PlaylistRendition } from './playlist.ts'

const picture = (height: number, bandwidth: number): PlaylistRendition => ({
  name: String(height),
  kind: 'video',
  bandwidth,
  averageBandwidth: bandwidth / 2,
  width: Math.round((height * 16) / 9),
  height,
  frameRate: 29.97,
  codecs: 'avc1.64001f',
})
const sound: PlaylistRendition = {
  name: 'audio',
  kind: 'audio',
  bandwidth: 140_000,
  averageBandwidth: 128_000,
  width: undefined,
  height: undefined,
  frameRate: undefined,
  codecs: 'mp4a.40.2',
}

describe('a master playlist', () => {
  it('names the true bandwidth, codecs and size of each picture with its sound, best first', () => {
    expect(masterPlaylist([picture(480, 1_000_000), sound, picture(1080, 6_000_000)])).toBe(
      [
        '#EXTM3U',
        '#EXT-X-VERSION:7',
        '#EXT-X-INDEPENDENT-SEGMENTS',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="1",DEFAULT=YES,AUTOSELECT=YES,URI="audio.m3u8"',
        '#EXT-X-STREAM-INF:BANDWIDTH=6140000,AVERAGE-BANDWIDTH=3128000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=29.970,AUDIO="audio"',
        '1080.m3u8',
        '#EXT-X-STREAM-INF:BANDWIDTH=1140000,AVERAGE-BANDWIDTH=628000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=853x480,FRAME-RATE=29.970,AUDIO="audio"',
        '480.m3u8',
        '',
      ].join('\n'),
    )
  })

  it('plays silent film and sound alone', () => {
    expect(masterPlaylist([picture(720, 1_000_000)])).not.toContain('AUDIO')
    expect(masterPlaylist([sound])).toContain(
      '#EXT-X-STREAM-INF:BANDWIDTH=140000,AVERAGE-BANDWIDTH=128000,CODECS="mp4a.40.2"\naudio.m3u8',
    )
  })
})

describe('a media playlist', () => {
  const segments = [2.002, 2.002, 0.5].map((durationSeconds, i) => ({ durationSeconds, url: `https://s/${i}` }))

  it('of a finished film ends', () => {
    const text = mediaPlaylist({ init: { url: 'https://s/init' }, segments, live: false, complete: true })
    expect(text).toContain('#EXT-X-PLAYLIST-TYPE:VOD\n')
    expect(text).toContain('#EXT-X-TARGETDURATION:2\n')
    expect(text).toContain('#EXT-X-MAP:URI="https://s/init"\n#EXTINF:2.002000,\nhttps://s/0\n')
    expect(text.endsWith('#EXT-X-ENDLIST\n')).toBe(true)
  })

  it('of a film in the making only grows, and what it said stays as it was until it ends', () => {
    const at = (count: number, complete = false) =>
      mediaPlaylist({ init: { url: 'https://s/init' }, segments: segments.slice(0, count), live: true, complete })
    expect(at(2).startsWith(at(1))).toBe(true)
    expect(at(3, true).startsWith(at(2))).toBe(true)
    expect(at(2)).not.toContain('ENDLIST')
    expect(at(3, true)).toContain('PLAYLIST-TYPE:EVENT')
  })

  it('of bytes of one object tells which, of what every segment needs too', () => {
    const packed = segments.map(({ durationSeconds }, at) => ({
      ...{ durationSeconds, url: 'https://s/film' },
      range: { start: 5_000_000_000 + 10 * at, size: 10 },
    }))
    const init = { url: 'https://s/film', range: { start: 4000, size: 813 } }
    const text = mediaPlaylist({ init, segments: packed, live: false, complete: true })
    expect(text).toContain('#EXT-X-MAP:URI="https://s/film",BYTERANGE="813@4000"\n')
    expect(text).toContain('#EXTINF:2.002000,\n#EXT-X-BYTERANGE:10@5000000010\nhttps://s/film\n#EXTINF:0.5')
  })
})
