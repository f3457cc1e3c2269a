import { describe, expect, it } from 'vitest'
import { type FfprobeStream, readGops, toProbe, whyRefused } from './ffprobe-answer.ts'

const boxes = { indexFirst: true, bare: true }
const video: FfprobeStream = {
  index: 0,
  codec_type: 'video',
  codec_name: 'h264',
  profile: 'High',
  pix_fmt: 'yuv420p',
  width: 1920,
  height: 1080,
  avg_frame_rate: '30000/1001',
}
const matrix = (rows: string) => ({ side_data_type: 'Display Matrix', displaymatrix: rows })
const probe = (streams: FfprobeStream[], tags = {}) =>
  toProbe({ format: { format_name: 'mov,mp4', duration: '8', tags }, streams }, 1000, boxes)

describe('the probe', () => {
  it('reads a frame rate as a fraction, and a bit rate from size and duration where none is told', () => {
    expect(probe([video]).video).toMatchObject({ frameRate: 30_000 / 1001, bitRate: 1000, pixelAspect: 1, rotation: 0 })
  })

  it('sees which colours it names by numbers that mean nothing', () => {
    const told = { color_primaries: 'reserved', color_transfer: 'smpte2084', color_space: 'reserved' }
    expect(probe([{ ...video, ...told }]).video?.reserved).toEqual(['primaries', 'matrix'])
    expect(probe([video]).video?.reserved).toEqual([])
  })

  it.each([
    [
      'lies still',
      '\n00000000:        65536           0           0\n00000001:            0       65536           0\n00000002:            0           0  1073741824\n',
      0,
      0,
      false,
    ],
    [
      'is turned',
      '\n00000000:            0       65536           0\n00000001:       -65536           0           0\n00000002:            0           0  1073741824\n',
      -90,
      90,
      true,
    ],
    [
      'is mirrored',
      '\n00000000:       -65536           0           0\n00000001:            0       65536           0\n00000002:            0           0  1073741824\n',
      0,
      0,
      true,
    ],
  ])('sees that a picture %s', (_, rows, rotation, expected, turned) => {
    const stream = { ...video, side_data_list: [{ ...matrix(rows), rotation }] }
    expect(probe([stream]).video).toMatchObject({ rotation: expected, turned })
  })

  it('takes a cover picture for a cover, not for a film', () => {
    const cover = { ...video, index: 1, codec_name: 'mjpeg', disposition: { attached_pic: 1 } }
    expect(probe([cover])).toMatchObject({ video: undefined, cover: 1 })
  })

  it('prefers the streams that their author preferred', () => {
    const sound = (index: number, preferred: number) => ({
      index,
      codec_type: 'audio',
      codec_name: 'aac',
      channels: 2,
      disposition: { default: preferred },
    })
    expect(probe([sound(1, 0), sound(2, 1)]).sounds.map(({ index }) => index)).toEqual([2, 1])
  })

  it.each([
    ['a tag of the file', [video], { 'com.apple.quicktime.location.ISO6709': '+1-1/' }],
    ['a tag of a stream', [{ ...video, tags: { location: 'x' } }], {}],
    ['a track of data', [video, { index: 1, codec_type: 'data', codec_name: 'bin_data' }], {}],
  ])('fears that a place is told by %s', (_, streams, tags) => {
    expect(probe([video]).bare).toBe(true)
    expect(probe(streams, tags).bare).toBe(false)
  })

  it.each([
    ['[mov,mp4 @ 0x1] moov atom not found', 'truncated_no_index'],
    ["[concat @ 0x1] Format not on whitelist 'mov'", 'unsupported_container'],
    ['./in: Invalid data found when processing input', 'not_media'],
  ])('knows why ffprobe refused: %s', (stderr, code) => {
    expect(whyRefused(stderr).code).toBe(`video/${code}`)
  })
})

describe('groups of pictures', () => {
  const packets = (text: string) =>
    text
      .split(' ')
      .map((packet) => ({ pts_time: packet.replace('K', ''), flags: packet.includes('K') ? 'K__' : '___' }))

  it('are as long as the longest stretch after a key frame', () => {
    expect(readGops(packets('K0 1 2 K3 4 5 6 7'))).toEqual({ longestGopSeconds: 4, openGop: false })
  })

  it('are open where a picture after a key frame is shown before it', () => {
    expect(readGops(packets('K0 1 2 K5 3 4')).openGop).toBe(true)
  })

  it('are closed where pictures are only out of order among themselves', () => {
    expect(readGops(packets('K0 3 1 2 K4 6 5')).openGop).toBe(false)
  })

  it('are unknown where there is no key frame', () => {
    expect(readGops(packets('0 1 2')).longestGopSeconds).toBeUndefined()
  })
})

describe('tracks', () => {
  const stream = (index: number, codec_type: string, codec_name: string, more: Partial<FfprobeStream> = {}) => ({
    index,
    codec_type,
    codec_name,
    channels: 2,
    ...more,
  })
  const told = (language: string, ...disposition: string[]) => ({
    tags: { language, title: ` ${language}\n` },
    disposition: Object.fromEntries(disposition.map((name) => [name, 1])),
  })

  it('of sound are told by language and by what they are for', () => {
    const sounds = [
      stream(1, 'audio', 'aac', told('eng', 'comment')),
      stream(2, 'audio', 'aac', told('ger', 'original')),
      stream(3, 'audio', 'aac', told('und', 'visual_impaired')),
    ]
    expect(probe(sounds).sounds).toMatchObject([
      { index: 2, language: 'de', iso639: 'ger', title: 'ger', role: 'main' },
      { index: 1, language: 'en', iso639: 'eng', role: 'commentary' },
      { index: 3, language: undefined, iso639: undefined, role: 'description' },
    ])
  })

  it('of which there are too many are left out, and so are pictures of text', () => {
    const found = probe([
      ...Array.from({ length: 10 }, (_, i) => stream(i, 'audio', 'aac')),
      stream(10, 'subtitle', 'hdmv_pgs_subtitle'),
      stream(11, 'subtitle', 'subrip', told('por', 'default', 'forced')),
      stream(12, 'subtitle', 'mov_text', { nb_frames: '0' }),
      stream(13, 'subtitle', 'dvb_teletext'),
    ])
    expect(found.sounds).toHaveLength(8)
    const text = { index: 11, language: 'pt', title: 'por', preferred: true, forced: true, hearingImpaired: false }
    expect(found.texts).toEqual([text])
    expect(found.leftOut).toEqual(['too_much', 'too_much', 'pictures', 'unreadable'])
  })

  it('begin with the film: so do chapters', () => {
    const answer = { format: { start_time: '1000', duration: '8' }, streams: [video] }
    const chapters = [{ start_time: '1002.5', tags: { title: 'Fim' } }, { start_time: '1000' }]
    expect(toProbe({ ...answer, chapters }, 1000, boxes).chapters).toEqual([
      { startSeconds: 0, title: undefined },
      { startSeconds: 2.5, title: 'Fim' },
    ])
  })
})

it('a track that holds nothing is no track', () => {
  const sound = { index: 1, codec_type: 'audio', codec_name: 'aac', channels: 2, nb_frames: '0' }
  expect(probe([video, sound]).sounds).toEqual([])
})
