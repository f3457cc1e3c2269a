import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock } from '@balcao/kernel'
import { afterAll, describe, expect, it } from 'vitest'
import { findToolchain } from '../src/infrastructure/ffmpeg/toolchain.ts'
import { h264 } from './clips.ts'
import { filmHouse } from './support.ts'
import { withOutputs } from './timelines.ts'

/** ffmpeg 7 cannot make some of these films. */
const binDir = await mkdtemp(join(tmpdir(), 'balcao-bin-'))
const { version } = await findToolchain({ configured: undefined, binDir })
const older = (cases: readonly Case[]) => (/version n?[0-6]\./.test(version) ? cases : [])

const films = filmHouse({ clock: new ManualClock() })
afterAll(() => rm(binDir, { recursive: true }))

/** A picture that turns white, and a tone, for a fifth of every second. */
const signals = (seconds: number, { size = '320x240', rate = '30', hz = 48_000 } = {}) => [
  ...[
    '-f',
    'lavfi',
    '-i',
    `color=black:s=${size}:r=${rate}:d=${seconds},drawbox=t=fill:color=white:enable='lt(mod(t,1),0.2)'`,
  ],
  ...['-f', 'lavfi', '-i', `aevalsrc='0.5*sin(2*PI*440*t)*lt(mod(t,1),0.2)':s=${hz}:d=${seconds}`],
]
const fresh = ['-map', '0', '-map', '1']
const ts = (name: string, made: readonly string[]) => films.clips.made(name, [...made, '-f', 'mpegts'])

type Make = () => Promise<string>
interface Case {
  readonly what: string
  readonly make: Make
  readonly seconds: number
  /** Signals that are both seen and heard. */
  readonly signals?: number
}
const film = (what: string, seconds: number, signals: number | undefined, make: Make): Case => ({
  what,
  make,
  seconds,
  ...(signals && { signals }),
})

/** A film of such signals, made when it is its turn.  @param options of the output */
const made =
  (name: string, options: readonly string[], seconds = 3, how: Parameters<typeof signals>[1] = {}): Make =>
  () =>
    films.clips.made(name, [...signals(seconds, how), ...fresh, ...options])

async function isWhole({ make, seconds, signals }: Case) {
  const path = await make()
  const found = await films.process(path)
  expect(found).toMatchObject({ state: 'ready', problem: null, durationSeconds: expect.closeTo(seconds, 0) })
  expect(found.stumbles.length).toBeLessThan(2)
  await withOutputs(films.house, found.id, async (made) => {
    made.expectGoodTimes()
    expect(made.longestSegment).toBeLessThan(10.5)
    if (signals) await made.expectSync(signals)
  })
}

describe('a transport stream', () => {
  it.each<Case>([
    film('whose clock wraps', 8, 7, () =>
      ts('wraps.ts', [...signals(8), ...fresh, ...h264, '-output_ts_offset', '95439']),
    ),
    film('whose clock wraps, encoded', 8, 7, () =>
      ts('wraps2.ts', [...signals(8), ...fresh, '-c:v', 'mpeg2video', '-c:a', 'mp2', '-output_ts_offset', '95439']),
    ),
    film('whose clock jumps ahead', 8, 6, async () => {
      const [one, other] = [
        await ts('jump1.ts', [...signals(4), ...fresh, ...h264]),
        await ts('jump2.ts', [...signals(4), ...fresh, ...h264, '-output_ts_offset', '5000']),
      ]
      return films.clips.joined('jump.ts', [one, other])
    }),
    film('whose clock jumps ahead, encoded', 8, 6, async () => {
      const old = ['-c:v', 'mpeg2video', '-c:a', 'mp2']
      const [one, other] = [
        await ts('jump3.ts', [...signals(4), ...fresh, ...old]),
        await ts('jump4.ts', [...signals(4), ...fresh, ...old, '-output_ts_offset', '5000']),
      ]
      return films.clips.joined('jumpe.ts', [one, other])
    }),
    film('that is two, one after the other', 8, 6, async () => {
      const one = await ts('join1.ts', [...signals(4), ...fresh, ...h264])
      return films.clips.joined('join.ts', [one, one])
    }),
    film('that is two, one after the other, encoded', 8, 6, async () => {
      const one = await ts('join2.ts', [...signals(4), ...fresh, '-c:v', 'mpeg2video', '-c:a', 'mp2'])
      return films.clips.joined('join3.ts', [one, one])
    }),
    film('whose picture changes its size', 8, 6, async () => {
      const [one, other] = [
        await ts('size1.ts', [...signals(4), ...fresh, ...h264]),
        await ts('size2.ts', [...signals(4, { size: '640x480' }), ...fresh, ...h264, '-output_ts_offset', '4']),
      ]
      return films.clips.joined('size.ts', [one, other])
    }),
    film('whose sound changes its rate', 8, 6, async () => {
      const [one, other] = [
        await ts('rate1.ts', [...signals(4), ...fresh, ...h264]),
        await ts('rate2.ts', [
          ...signals(4, { hz: 44_100 }),
          ...fresh,
          ...h264,
          '-ar',
          '44100',
          '-output_ts_offset',
          '4',
        ]),
      ]
      return films.clips.joined('rate.ts', [one, other])
    }),
    film('that begins in the middle of a GOP', 6.5, 3, async () => {
      await ts('late.ts', [...signals(8), ...fresh, ...h264, '-g', '90'])
      return films.clips.tail('late.ts', 0.2)
    }),
  ])('$what', isWhole)
})

describe('colours', () => {
  const reserved = (n: number) => `colour_primaries=${n}:transfer_characteristics=${n}:matrix_coefficients=${n}`
  const said = (colours: string) => ['-bsf:v', `h264_metadata=${colours}`]
  const high444 = [...h264, '-profile:v', 'high444', '-pix_fmt', 'yuv444p']
  const high10 = [...h264, '-profile:v', 'high10', '-pix_fmt', 'yuv420p10le']
  const pq = (primaries: number, matrix: number) =>
    said(`colour_primaries=${primaries}:transfer_characteristics=16:matrix_coefficients=${matrix}`)
  const full = ['-c:v', 'ffv1', '-pix_fmt', 'yuvj444p', '-color_range', 'pc', '-colorspace', 'fcc']
  it.each<Case>([
    // The test itself could not look at what ffmpeg 7 does not decode.
    ...older([
      film('reserved, as it is', 3, 2, made('c1.mp4', [...h264, ...said(reserved(3)), '-movflags', '+faststart'])),
    ]),
    film('reserved, copied', 3, 2, made('c1.mkv', [...h264, ...said(reserved(3))])),
    film('reserved, encoded', 3, 2, made('c2.mkv', [...high444, ...said(reserved(3))])),
    film('PQ with the rest reserved', 3, 2, made('c5.mkv', [...high10, ...pq(3, 3)])),
    film('unheard of, encoded', 3, 2, made('c3.mkv', [...high444, ...said(reserved(200))])),
    film('zero', 3, 2, made('c4.mkv', [...high444, ...said(reserved(0))])),
    film('ICtCp', 3, 2, made('c6.mkv', [...high10, ...pq(9, 14)])),
    film('GBR as a matrix of 4:2:0', 3, 2, made('c7.mkv', [...high10, ...said('matrix_coefficients=0')])),
    film('odd range', 3, 2, made('c8.mkv', full)),
  ])('$what', isWhole)
})

describe('pictures', () => {
  const sized = (what: string, size: string, codec: string[], name: string) =>
    film(what, 2, undefined, made(name, codec, 2, { size }))
  const ffv1 = (format: string) => ['-c:v', 'ffv1', '-pix_fmt', format, '-strict', '-2']
  const thousand = ['-r', '1000', '-fps_mode', 'vfr']
  it.each<Case>([
    sized('1 × 1', '2x2', ['-vf', 'format=yuv444p,scale=1:1', ...ffv1('yuv444p')], 'p1.mkv'),
    sized('3 × 5', '3x5', ffv1('yuv444p'), 'p2.mkv'),
    sized('2 × 2', '2x2', [...h264], 'p3.mp4'),
    sized('16 × 9000', '16x9000', [...h264, '-pix_fmt', 'yuv420p'], 'p4.mp4'),
    sized('8192 × 4', '8192x4', ffv1('yuv420p'), 'p5.mkv'),
    sized('alpha', '320x240', ['-c:v', 'qtrle'], 'p6.mov'),
    sized('alpha VP9', '320x240', ['-c:v', 'libvpx-vp9', '-pix_fmt', 'yuva420p', '-deadline', 'realtime'], 'p7.webm'),
    sized('grey', '320x240', ffv1('gray'), 'p8.mkv'),
    sized('grey of 16 bits', '320x240', ffv1('gray16le'), 'p9.mkv'),
    sized('grey H.264', '320x240', [...h264, '-profile:v', 'high', '-pix_fmt', 'gray'], 'p9b.mp4'),
    sized('palette', '320x240', ['-c:v', 'rawvideo', '-pix_fmt', 'pal8'], 'p10.avi'),
    sized('4:4:4', '320x240', [...h264, '-profile:v', 'high444', '-pix_fmt', 'yuv444p'], 'p11.mp4'),
    sized('RGB H.264', '320x240', ['-c:v', 'libx264rgb', '-preset', 'ultrafast'], 'p12.mp4'),
    sized('10 bits', '320x240', [...h264, '-profile:v', 'high10', '-pix_fmt', 'yuv420p10le'], 'p13.mp4'),
    sized('12 bits', '320x240', ffv1('yuv422p12le'), 'p14.mkv'),
    sized('RGB of 16 bits', '320x240', ffv1('rgb48le'), 'p15.mkv'),
    sized('4:1:1', '320x240', ffv1('yuv411p'), 'p16.mkv'),
    sized('4:1:0 odd', '321x243', ffv1('yuv410p'), 'p17.mkv'),
    film('240 frames a second', 2, 1, made('r1.mp4', [...h264, '-movflags', '+faststart'], 2, { rate: '240' })),
    ...older([
      film('1000/1 declared, 30 shown', 3, 2, made('r2.mkv', [...h264, ...thousand, '-enc_time_base', '1/1000'])),
      film('1000/1 declared, 30 shown, encoded', 3, 2, made('r3.avi', ['-c:v', 'mpeg4', '-c:a', 'mp3', ...thousand])),
    ]),
    film('one frame a second', 24, undefined, made('r4.mp4', h264, 24, { rate: '1' })),
    film('one frame in 20 seconds', 200, undefined, () => {
      const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=1/20:d=200']
      return films.clips.made('r5.mp4', [...picture, '-f', 'lavfi', '-i', 'sine=d=200', ...fresh, ...h264])
    }),
  ])('$what', isWhole)
})

describe('sounds', () => {
  const sound = (what: string, name: string, codec: readonly string[], hz?: number) =>
    film(what, 3, 2, made(name, [...h264, ...codec], 3, { ...(hz && { hz }) }))
  it.each<Case>([
    sound('mono of 8 kHz', 's1.avi', ['-c:a', 'pcm_mulaw'], 8000),
    sound('mono AAC of 8 kHz', 's1.mp4', ['-movflags', '+faststart'], 8000),
    sound('AAC of 96 kHz', 's2.mp4', [], 96_000),
    sound('PCM of 24 bits and 96 kHz', 's3.mov', ['-c:a', 'pcm_s24le'], 96_000),
    sound('7.1', 's4.mkv', ['-c:a', 'aac', '-ac', '8']),
    sound('7.1 FLAC', 's5.mkv', ['-c:a', 'flac', '-ac', '8']),
    sound('16 channels', 's6.mov', ['-c:a', 'pcm_s16le', '-ac', '16']),
    sound('Opus', 's7.mp4', ['-c:a', 'libopus']),
    sound('192 kHz float', 's8.mkv', ['-c:a', 'pcm_f32le'], 192_000),
  ])('$what', isWhole)
})

describe('a track that is declared and holds', () => {
  const declared = (name: string, options: readonly string[], codec = h264) => made(name, [...codec, ...options])
  const none = (kind: 'v' | 'a') => [`-bsf:${kind}`, 'noise=drop=1']
  const fragmented = ['-movflags', 'empty_moov+default_base_moof+frag_keyframe']
  const old = ['-c:v', 'mpeg4', '-c:a', 'ac3']
  it.each<Case>([
    film('nothing, a sound in MP4', 3, undefined, declared('e1.mp4', [...none('a'), ...fragmented])),
    film('nothing, a sound in Matroska', 3, undefined, declared('e2.mkv', none('a'))),
    film('nothing, a sound in Matroska, encoded', 3, undefined, declared('e3.mkv', none('a'), old)),
    film('nothing, a sound in a transport stream', 3, undefined, declared('e4.ts', none('a'))),
    film('nothing, a sound in AVI', 3, undefined, declared('e5.avi', none('a'), old)),
    film('nothing, a picture in MP4', 3, undefined, declared('e6.mp4', [...none('v'), ...fragmented])),
    film('nothing, a picture in Matroska', 3, undefined, declared('e7.mkv', none('v'))),
    film('nothing, a picture in Matroska, encoded', 3, undefined, declared('e8.mkv', none('v'), old)),
    film('nothing, a picture in a transport stream', 3, undefined, declared('e9.ts', none('v'))),
    film('one packet, a sound in MP4', 3, undefined, declared('o1.mp4', ['-bsf:a', 'noise=drop=n'])),
    film('one packet, a sound in Matroska', 3, undefined, declared('o2.mkv', ['-bsf:a', 'noise=drop=n'])),
    film('one packet, a sound in Matroska, encoded', 3, undefined, declared('o3.mkv', ['-bsf:a', 'noise=drop=n'], old)),
    film('one packet, a sound in a transport stream', 3, undefined, declared('o4.ts', ['-bsf:a', 'noise=drop=n'])),
    film('one frame, a picture in a transport stream', 3, undefined, declared('o5.ts', ['-bsf:v', 'noise=drop=n'])),
    film(
      'one frame, a picture in Matroska, encoded',
      3,
      undefined,
      declared('o6.mkv', ['-bsf:v', 'noise=drop=n'], old),
    ),
  ])('$what', isWhole)
})

describe('clocks', () => {
  it.each<Case>([
    film('an edit list that begins inside of a GOP', 4.5, 3, async () => {
      const whole = await films.clips.made('w1.mp4', [...signals(6), ...fresh, ...h264, '-g', '90', '-bf', '2'])
      return films.clips.made('edit.mp4', ['-ss', '1.5', '-i', whole, '-c', 'copy', '-movflags', '+faststart'])
    }),
    film('an edit list, not faststart', 4.5, 3, async () => {
      const whole = await films.clips.made('w2.mp4', [...signals(6), ...fresh, ...h264, '-g', '90'])
      return films.clips.made('edit2.mov', ['-ss', '1.5', '-i', whole, '-c', 'copy'])
    }),
    film(
      'times below zero',
      4,
      3,
      made('n1.mkv', [...h264, '-output_ts_offset', '-1', '-avoid_negative_ts', 'disabled'], 4),
    ),
    film('times below zero, MP4', 4, 3, made('n3.mp4', [...h264, '-bf', '3', '-movflags', 'negative_cts_offsets'], 4)),
    film('first key frame late', 8, 4, async () => {
      await films.clips.made('gop.flv', [...signals(8), ...fresh, ...h264, '-g', '90', '-ar', '44100'])
      return films.clips.made('late.mkv', [
        '-i',
        films.clips.path('gop.flv'),
        '-c',
        'copy',
        '-bsf:v',
        "noise=drop='eq(n,0)'",
      ])
    }),
  ])('$what', isWhole)
})
