import { ManualClock } from '@balcao/kernel'
import { describe, expect, it } from 'vitest'
import { h264 } from './clips.ts'
import { filmHouse } from './support.ts'

const films = filmHouse({ clock: new ManualClock() })

const old = ['-c:v', 'mpeg4', '-c:a', 'ac3']
const failures = (jobId: string) =>
  films.house.platform.sql.first<{ failures: number; attempt: number }>(
    'select failures, attempt from jobs where id = $1',
    [jobId],
  )

describe('a film of which nothing can be decoded', () => {
  it.each<[what: string, name: string, options: readonly string[]]>([
    ['that would be copied', 'copied.mp4', [...h264, '-movflags', '+faststart']],
    ['that would be encoded', 'encoded.mp4', [...old, '-movflags', '+faststart']],
  ])('%s is refused once and for all, after one try', async (_, name, options) => {
    await films.clips.film(name, options)
    const found = await films.process(await films.clips.emptied(name))
    expect(found).toMatchObject({ state: 'failed', problem: { code: 'video/undecodable' } })
    expect(found.stumbles).toHaveLength(1)
    expect(await failures(found.jobId)).toMatchObject({ failures: 0 })
  })
})

describe('a film of which one track cannot be decoded', () => {
  const strange = async (name: string, options: readonly string[], from: string, to: string) => {
    await films.clips.film(name, options)
    return films.clips.relabelled(name, from, to)
  }
  it.each<[what: string, make: () => Promise<string>, size: object]>([
    ['the sound', () => strange('mute.mkv', old, 'A_AC3', 'A_DTS'), { width: 320 }],
    ['the sound beside a copy', () => strange('copy.mkv', [...h264, '-c:a', 'ac3'], 'A_AC3', 'A_DTS'), { width: 320 }],
    ['the picture', () => strange('dark.mkv', ['-c:v', 'libvpx', '-c:a', 'aac'], 'V_VP8', 'V_VP9'), { width: null }],
  ])('%s, is made of the other, and that is told', async (_, make, size) => {
    const found = await films.process(await make())
    expect(found).toMatchObject({ state: 'ready', problem: { code: 'video/partial' } })
    expect(found.stumbles).toHaveLength(1)
    expect((await films.house.as('ana')('GET', `/videos/${found.id}`)).body).toMatchObject(size)
  })
})

describe('a film that is damaged in its middle', () => {
  const picture = ['-f', 'lavfi', '-i', 'mandelbrot=s=320x240:r=30:end_scale=0.01']
  const sound = ['-f', 'lavfi', '-i', 'anoisesrc=a=0.2:d=8']
  const noisy = (name: string, codec: readonly string[]) =>
    films.clips.made(name, [...picture, ...sound, '-t', '8', '-map', '0', '-map', '1', ...codec])
  const made = async (path: string) => {
    const { state, problem } = await films.process(path)
    return { state, problem: problem?.code }
  }
  it.each<[what: string, name: string, codec: readonly string[]]>([
    ['MP4', 'd.mp4', [...h264, '-movflags', '+faststart']],
    ['MP4, encoded', 'e.mp4', [...old, '-movflags', '+faststart']],
    ['Matroska', 'd.mkv', h264],
    ['Matroska, encoded', 'e.mkv', old],
    ['a transport stream', 'd.ts', h264],
    ['a transport stream, encoded', 'e.ts', ['-c:v', 'mpeg2video', '-c:a', 'mp2']],
    ['AVI', 'd.avi', ['-c:v', 'mpeg4', '-q:v', '5', '-c:a', 'mp3']],
  ])('plays, and that is told only of it: %s', async (_, name, codec) => {
    expect(await made(await noisy(name, codec))).toEqual({ state: 'ready', problem: undefined })
    expect(await made(await films.clips.zeroed(name, 0.4, 0.55))).toEqual({ state: 'ready', problem: 'video/partial' })
  })
})
