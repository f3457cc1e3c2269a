import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { h264, openClips } from '../../../test/clips.ts'
import { mp4Of } from '../../../test/local-renditions.ts'
import { WHOLE, type WrittenSegment } from '../../application/ports/transcoder.ts'
import { isEncoded, planVideo } from '../../domain/media/plan.ts'
import type { Probe } from '../../domain/media/probe.ts'
import { FfmpegTranscoder } from './ffmpeg-transcoder.ts'

const forever = new AbortController().signal
let clips: Awaited<ReturnType<typeof openClips>>
let workDir: string
let transcoder: FfmpegTranscoder

beforeAll(async () => {
  clips = await openClips()
  workDir = await mkdtemp(join(tmpdir(), 'balcao-work-'))
  // Another ffmpeg than the one that is found can be tried by the variable that chooses it in production.
  transcoder = new FfmpegTranscoder({ configured: process.env.BALCAO_FFMPEG, workDir })
})
afterAll(async () => {
  expect((await readdir(workDir)).filter((name) => name !== 'bin')).toEqual([])
  await clips.remove()
  await rm(workDir, { recursive: true })
})

async function open(clip: string) {
  const place = await transcoder.open()
  await copyFile(clip, join(place.dir, 'upload'))
  await place.take(join(place.dir, 'upload'))
  return place
}

/** Does all that a job does with a file, and tells what came out. */
async function make(clip: string) {
  const place = await open(clip)
  try {
    const probe = await place.probe(forever)
    if ('code' in probe) return { refused: probe.code }
    const plan = planVideo(probe)
    if ('code' in plan) return { refused: plan.code }
    const segments: WrittenSegment[] = []
    let poster: string | undefined
    const events = {
      onSegment: (segment: WrittenSegment) => segments.push(segment),
      onPoster: (path: string) => (poster = path),
      onProgress: () => undefined,
    }
    await place.pass(plan, WHOLE, events, forever)
    poster ??= await place.poster(plan, forever)
    const path = await mp4Of(place, plan, segments)
    const mp4 = await place.inspect(path, forever)
    const outputs = new Set(segments.map(({ output }) => output)).size
    const seconds = segments
      .filter(({ output }) => output === 0)
      .reduce((sum, { extent }) => sum + extent.end - extent.begin, 0)
    return { plan: plan.name, probe, mp4, poster, outputs, seconds }
  } finally {
    await place.close()
  }
}

const picture = (width: number, height: number) =>
  expect.objectContaining({ codec: 'h264', width, height, pixelFormat: 'yuv420p', pixelAspect: 1, rotation: 0 })

describe('ffmpeg makes a film of', () => {
  it('an MP4 that plays everywhere, by copying it', async () => {
    const made = await make(await clips.film('ready.mp4', [...h264, '-movflags', '+faststart']))
    expect(made).toMatchObject({
      plan: 'serve',
      outputs: 2,
      mp4: { video: picture(320, 240), sounds: [{ codec: 'aac' }] },
    })
    expect(made.seconds).toBeCloseTo(3, 0)
    expect(made.poster).toBeDefined()
  })

  it('an MP4 that says where it was made, without saying it again', async () => {
    const clip = await clips.film('located.mp4', [
      ...h264,
      '-metadata',
      'location=-23.5505-046.6333/',
      '-movflags',
      '+faststart',
    ])
    const made = await make(clip)
    expect(made).toMatchObject({ plan: 'remux', probe: { bare: false } })
    expect(made.mp4).toMatchObject({ video: picture(320, 240), durationSeconds: expect.closeTo(3, 0) })
  })

  it('D1-04: an MKV with the same streams, by another container', async () => {
    expect(await make(await clips.film('same.mkv', h264))).toMatchObject({ plan: 'remux', outputs: 2 })
  })

  it('H.264 with sound that not every browser plays, encoding the sound only', async () => {
    const made = await make(await clips.film('surround.mkv', [...h264, '-c:a', 'ac3', '-ac', '6']))
    expect(made).toMatchObject({ plan: 'copy_video', mp4: { sounds: [{ codec: 'aac', channels: 2 }] } })
  })

  it.each([
    [
      'VP9 and Opus in WebM',
      'vp9.webm',
      ['-c:v', 'libvpx-vp9', '-cpu-used', '8', '-deadline', 'realtime', '-c:a', 'libopus'],
    ],
    ['HEVC', 'hevc.mp4', ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-c:a', 'aac']],
    ['MPEG-4 and MP3 in AVI', 'old.avi', ['-c:v', 'mpeg4', '-c:a', 'libmp3lame']],
    ['MPEG-2 in a transport stream', 'tv.ts', ['-c:v', 'mpeg2video', '-c:a', 'mp2']],
    [
      'ten bits a colour',
      'ten.mkv',
      ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le', '-c:a', 'aac'],
    ],
    ['pixels that are not square', 'wide.mkv', [...h264, '-vf', 'scale=240:240,setsar=4/3']],
  ])('%s, encoding it', async (_, name, options) => {
    const made = await make(await clips.film(name, options))
    expect(made).toMatchObject({
      plan: 'transcode',
      outputs: 2,
      mp4: { video: picture(320, 240), sounds: [{ codec: 'aac' }] },
    })
    expect(made.seconds).toBeCloseTo(3, 0)
    expect(made.poster).toBeDefined()
  })

  it('an odd size, in an even one that is no larger', async () => {
    const made = await make(
      await clips.film('odd.mkv', ['-vf', 'format=yuv444p,scale=321:239', '-c:v', 'ffv1', '-c:a', 'flac']),
    )
    expect(made.mp4?.video).toMatchObject({ codec: 'h264', width: 320, height: 238 })
  })

  it('a telephone held upright, standing upright', async () => {
    await clips.film('upright.mp4', h264)
    const turned = await make(await clips.turned('upright.mp4'))
    expect(turned).toMatchObject({ plan: 'transcode', mp4: { video: picture(240, 320) } })
  })

  it('more range than a screen shows, in the range of a screen', async () => {
    const hdr = [
      '-color_trc',
      'smpte2084',
      '-color_primaries',
      'bt2020',
      '-colorspace',
      'bt2020nc',
      '-pix_fmt',
      'yuv420p10le',
    ]
    const clip = await clips.film('hdr.mkv', ['-c:v', 'libx264', '-preset', 'ultrafast', ...hdr, '-c:a', 'aac'], {
      seconds: 2,
    })
    expect(await make(clip)).toMatchObject({
      plan: 'transcode',
      mp4: { video: { transfer: 'bt709', pixelFormat: 'yuv420p' } },
    })
  })

  it('interlaced pictures', async () => {
    const interlaced = [
      '-c:v',
      'mpeg2video',
      '-flags',
      '+ildct+ilme',
      '-vf',
      'setfield=tff',
      '-field_order',
      'tt',
      '-c:a',
      'mp2',
    ]
    const made = await make(await clips.film('interlaced.ts', interlaced))
    expect(made).toMatchObject({ probe: { video: { interlaced: true } }, mp4: { video: { interlaced: false } } })
  })

  it('sound alone', async () => {
    const clip = await clips.made('song.mp3', ['-f', 'lavfi', '-i', 'sine=440:d=3'])
    const made = await make(clip)
    expect(made).toMatchObject({
      plan: 'audio_only',
      outputs: 1,
      mp4: { video: undefined, sounds: [{ codec: 'aac' }] },
    })
  })

  it('a picture without sound', async () => {
    const made = await make(await clips.film('silent.mkv', h264, { silent: true }))
    expect(made).toMatchObject({ plan: 'remux', outputs: 1, mp4: { sounds: [] } })
  })

  it('an MP4 cut in its middle, as far as it goes', async () => {
    await clips.film('cut.mp4', [...h264, '-movflags', '+faststart'], { seconds: 4 })
    const made = await make(await clips.cut('cut.mp4', 0.6))
    expect(made.probe?.durationSeconds).toBeCloseTo(4, 0)
    expect(made.seconds).toBeLessThan(3.5)
  })
})

describe('a sample of the best picture', () => {
  const mpeg4 = ['-c:v', 'mpeg4', '-q:v', '2']
  const size = '1280x720'
  async function score(clip: string) {
    const place = await open(clip)
    try {
      const probe = await place.probe(forever)
      const plan = 'code' in probe ? probe : planVideo(probe)
      if ('code' in plan || !isEncoded(plan)) throw new Error('It is not encoded.')
      const found = await place.sample(plan, (probe as Probe).durationSeconds!, forever)
      expect((await readdir(place.dir)).filter((name) => name.startsWith('sample'))).toEqual([])
      return found
    } finally {
      await place.close()
    }
  }

  it('tells what its content loses: much of grain, little of what lies still', async () => {
    const still = await clips.film('still.mkv', mpeg4, { size, seconds: 2 })
    const noise = ['-vf', 'noise=alls=40:allf=t', ...mpeg4]
    const grain = await clips.film('grain.mkv', noise, { size, seconds: 2 })
    const [of, against] = [await score(still), await score(grain)]
    // Not every system has an ffmpeg that can tell.
    if (!(await transcoder.tools()).vmaf) return expect([of, against]).toEqual([undefined, undefined])
    expect(of).toBeGreaterThan(95)
    expect(against).toBeGreaterThan(10)
    expect(against).toBeLessThan(of! - 2)
  })
})

describe('refused without a retry is', () => {
  it.each([
    [
      'a playlist that names another file',
      'hls.mp4',
      '#EXTM3U\n#EXTINF:2,\n/etc/passwd\n#EXT-X-ENDLIST\n',
      'unsupported_container',
    ],
    ['a concat script', 'concat.mp4', 'ffconcat version 1.0\nfile in\n', 'unsupported_container'],
    [
      'an SVG',
      'drawing.mp4',
      '<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd"/></svg>',
      'unsupported_container',
    ],
    ['a web page', 'page.mp4', '<!doctype html><script>alert(1)</script>', 'unsupported_container'],
    ['a session description', 'call.mp4', 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n', 'unsupported_container'],
    ['a text', 'text.mp4', 'Era uma vez um texto. '.repeat(500), 'not_media'],
    ['zeros', 'zeros.mp4', Buffer.alloc(100_000), 'not_media'],
    ['an empty file', 'empty.mp4', '', 'not_media'],
  ])('%s', async (_, name, content, code) => {
    expect(await make(await clips.text(name, content))).toEqual({ refused: `video/${code}` })
  })

  it('an MP4 cut before its index', async () => {
    await clips.film('headless.mp4', h264)
    expect(await make(await clips.cut('headless.mp4', 0.7))).toEqual({ refused: 'video/truncated_no_index' })
  })

  it('a picture of 16000 × 16000', async () => {
    const huge = ['-f', 'lavfi', '-i', 'color=s=16000x16000:r=1:d=1', '-frames:v', '1', '-c:v', 'png']
    expect(await make(await clips.made('huge.mov', huge))).toEqual({ refused: 'video/dimensions_too_large' })
  })

  it('a file that holds only subtitles', async () => {
    await clips.text('words.srt', '1\n00:00:00,000 --> 00:00:02,000\nOi\n')
    const clip = await clips.made('words.mkv', ['-i', 'words.srt', '-c', 'copy'])
    expect(await make(clip)).toEqual({ refused: 'video/no_media_streams' })
  })
})
