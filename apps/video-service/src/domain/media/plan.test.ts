import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Plan, planVideo, segmentSeconds } from './plan.ts'
import type { AudioStream, Probe, VideoStream } from './probe.ts'

const video = (changes: Partial<VideoStream> = {}): VideoStream => ({
  index: 0,
  extent: { begin: 0, end: 60 },
  codec: 'h264',
  profile: 'High',
  pixelFormat: 'yuv420p',
  width: 1920,
  height: 1080,
  pixelAspect: 1,
  rotation: 0,
  turned: false,
  frameRate: 30,
  peakFrameRate: 30,
  interlaced: false,
  transfer: 'bt709',
  reserved: [],
  bitRate: 5_000_000,
  longestGopSeconds: 2,
  openGop: false,
  trimmed: false,
  leading: 0,
  ...changes,
})
const audio = (changes: Partial<AudioStream> = {}): AudioStream => ({
  index: 1,
  extent: { begin: 0, end: 60 },
  codec: 'aac',
  profile: 'LC',
  channels: 2,
  sampleRate: 48_000,
  trimmed: false,
  language: undefined,
  title: undefined,
  iso639: undefined,
  role: 'main',
  ...changes,
})
const probe = (changes: Partial<Probe> = {}): Probe => ({
  container: 'mov,mp4,m4a,3gp,3g2,mj2',
  durationSeconds: 60,
  size: 40_000_000,
  declared: true,
  indexFirst: true,
  bare: true,
  video: video(),
  sounds: [audio()],
  texts: [],
  chapters: [],
  leftOut: [],
  cover: undefined,
  ...changes,
})
const plan = (changes: Partial<Probe> = {}) => planVideo(probe(changes)) as Plan
const rungs = (planned: Plan) => planned.picture?.rungs.map(({ name }) => name)

describe('an upload', () => {
  it('that plays everywhere is served as it is', () => {
    const planned = plan()
    expect(planned).toMatchObject({ name: 'serve', download: 'original' })
    expect(planned.picture).toMatchObject({ how: 'copy', rungs: [{ name: '1080', width: 1920, height: 1080 }] })
    expect(planned.sounds).toMatchObject([{ how: 'copy', codecs: 'mp4a.40.2' }])
  })

  it.each([
    ['with its index at the end', { indexFirst: false }],
    ['in another container', { container: 'matroska,webm' }],
    ['that may tell where it was made', { bare: false }],
  ])('%s is remuxed', (_, changes) => {
    expect(plan(changes)).toMatchObject({ name: 'remux', download: 'top', picture: { how: 'copy' } })
  })

  it('without sound is served as it is', () => {
    expect(plan({ sounds: [] })).toMatchObject({ name: 'serve', sounds: [] })
  })

  it.each([
    ['in another codec', audio({ codec: 'ac3', profile: '' })],
    ['of more than two channels', audio({ channels: 6 })],
    ['in a profile of AAC that browsers lack', audio({ profile: 'LTP' })],
  ])('with sound %s keeps its picture and gets AAC', (_, sound) => {
    expect(plan({ sounds: [sound] })).toMatchObject({
      name: 'copy_video',
      download: 'top',
      picture: { how: 'copy' },
      sounds: [{ how: 'encode', codecs: 'mp4a.40.2' }],
    })
  })

  it.each([
    ['long groups of pictures', { longestGopSeconds: 12 }],
    ['open groups of pictures', { openGop: true }],
    ['a frame in three seconds', { frameRate: 1 / 3 }],
    ['a beginning that is not shown', { trimmed: true }],
    ['groups of pictures that nobody could see', { longestGopSeconds: undefined }],
    ['more than 12 Mb/s', { bitRate: 13_000_000 }],
    ['more points than 1080p', { width: 3840, height: 2160 }],
    ['more than 60 frames a second', { frameRate: 120 }],
  ])('with %s is remuxed for the download and encoded for the player', (_, changes) => {
    const planned = plan({ video: video(changes) })
    expect(planned).toMatchObject({ name: 'remux_and_ladder', download: 'source', picture: { how: 'encode' } })
    expect(rungs(planned)).toEqual(['1080', '720', '480'])
  })

  it.each([
    ['HEVC', { codec: 'hevc', profile: 'Main' }],
    ['a High 10 profile', { profile: 'High 10', pixelFormat: 'yuv420p10le' }],
    ['4:2:2', { profile: 'High 4:2:2', pixelFormat: 'yuv422p' }],
    ['a turned picture', { turned: true, rotation: 90 }],
    ['a mirrored picture', { turned: true }],
    ['interlaced pictures', { interlaced: true }],
    ['pixels that are not square', { pixelAspect: 4 / 3 }],
    ['PQ', { transfer: 'smpte2084' }],
    ['HLG', { transfer: 'arib-std-b67' }],
  ])('with %s is encoded', (_, changes) => {
    expect(plan({ video: video(changes) })).toMatchObject({ name: 'transcode', download: 'top' })
  })

  it('that lies on its side is encoded upright', () => {
    expect(plan({ video: video({ turned: true, rotation: 90 }) }).picture?.rungs[0]).toMatchObject({
      width: 1080,
      height: 1920,
    })
  })

  it('of several sounds keeps each of them, copied where it can be', () => {
    const commentary = audio({ index: 2, codec: 'ac3', channels: 6, language: 'en', role: 'commentary' })
    const late = audio({ index: 3, extent: { begin: 60, end: 90 } })
    expect(plan({ bare: false, sounds: [audio(), commentary, late] })).toMatchObject({
      name: 'copy_video',
      download: 'top',
      sounds: [
        { stream: 1, how: 'copy', late: false },
        { stream: 2, how: 'encode', language: 'en', role: 'commentary', late: false },
        { stream: 3, how: 'copy', late: true },
      ],
    })
    expect(plan({ bare: false, sounds: [audio(), late] })).toMatchObject({ name: 'remux', download: 'top' })
  })

  it('waits for its first sound, however late that begins', () => {
    expect(plan({ sounds: [audio({ extent: { begin: 60, end: 90 } })] })).toMatchObject({ sounds: [{ late: false }] })
  })

  it('of sound alone becomes sound, with its cover for a poster', () => {
    expect(plan({ video: undefined, cover: 2 })).toMatchObject({
      name: 'audio_only',
      picture: undefined,
      download: 'top',
      poster: { stream: 2, cover: true },
    })
  })

  it('of neither picture nor sound is refused', () => {
    expect(plan({ video: undefined, sounds: [] })).toMatchObject({ code: 'video/no_media_streams' })
  })

  it('of a picture beyond 8K is refused', () => {
    expect(plan({ video: video({ width: 16_000, height: 16_000 }) })).toMatchObject({
      code: 'video/dimensions_too_large',
    })
  })
})

describe('a segment of an encoded picture', () => {
  it.each([
    [120, 2],
    [30, 2],
    [24_000 / 1001, 2],
    [20, 4],
    [15, 5],
    [10, 8],
    [1, 8],
  ])('of %f frames a second takes %i s', (rate, seconds) => {
    expect(segmentSeconds(rate)).toBe(seconds)
  })

  it('is never longer where more frames are shown', () => {
    const rate = fc.double({ min: 0.01, max: 240, noNaN: true })
    fc.assert(
      fc.property(rate, rate, (one, other) => {
        expect(segmentSeconds(Math.max(one, other))).toBeLessThanOrEqual(segmentSeconds(Math.min(one, other)))
      }),
    )
  })

  it('is as long as the frames that come out tell, not those of the upload', () => {
    const slides = { codec: 'mpeg4', frameRate: 0.25, peakFrameRate: 30 }
    expect(plan({ video: video(slides) }).picture).toMatchObject({ frameRate: 30, segmentSeconds: 2 })
    expect(plan({ video: video({ ...slides, peakFrameRate: 1 }) }).picture).toMatchObject({ segmentSeconds: 8 })
  })

  it('is made evenly from the film’s start where the picture begins late, so that no sound is left out before it', () => {
    const begins = (begin: number) => plan({ video: video({ extent: { begin, end: 60 } }) })
    expect(begins(0.4)).toMatchObject({ name: 'serve', picture: { how: 'copy' } })
    expect(begins(5)).toMatchObject({ download: 'source', picture: { how: 'encode', evenRate: 30 } })
  })

  it('of a slide show is smooth for an hour, and shows five frames a second of ten', () => {
    const slides = { codec: 'mpeg4', frameRate: 0.25, peakFrameRate: 1000 }
    const rate = (hours: number) => plan({ durationSeconds: hours * 3600, video: video(slides) }).picture
    expect(rate(1)).toMatchObject({ frameRate: 30 })
    expect(rate(10)).toMatchObject({ frameRate: 5, segmentSeconds: 8 })
  })
})
