import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { objectStore } from '@balcao/object-store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findToolchain } from '../src/infrastructure/ffmpeg/toolchain.ts'
import { h264, openClips } from './clips.ts'
import { masterTags } from './master-tags.ts'
import { type House, openHouse, processFile } from './support.ts'

const run = promisify(execFile)
let house: House
let clips: Awaited<ReturnType<typeof openClips>>
let ffprobe: string
beforeAll(async () => {
  house = await openHouse({ store: objectStore })
  clips = await openClips()
  ffprobe = (await findToolchain({ configured: undefined, binDir: clips.path('bin') })).ffprobe
})
afterAll(async () => {
  await house?.close()
  await clips?.remove()
})

const picture = (seconds = 4) => ['-f', 'lavfi', '-i', `testsrc2=s=320x240:r=30:d=${seconds}`]
const tone = (hertz: number, seconds = 4, layout = 'stereo') => [
  ...['-f', 'lavfi', '-i'],
  `sine=${hertz}:r=48000:d=${seconds},aformat=channel_layouts=${layout}`,
]
const three = [
  ...picture(),
  ...tone(440),
  ...tone(880),
  ...tone(220),
  ...['-map', '0', '-map', '1', '-map', '2', '-map', '3'],
]
const told = [
  ...['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=por', '-metadata:s:a:2', 'language=eng'],
  ...['-metadata:s:a:2', 'title=The director', '-disposition:a:0', '0'],
  ...['-disposition:a:1', 'default', '-disposition:a:2', 'comment'],
]

/** The film as whoever watches is offered it, and its MP4 as a program reads it. */
async function made(file: string) {
  const { id, state, stumbles } = await processFile(house, 'ana', clips.path(file))
  expect([state, stumbles]).toEqual(['ready', []])
  const ana = house.as('ana')
  const { body: playback } = await ana('GET', `/videos/${id}/playback`)
  const read = async (name: string) => (await house.as('')('GET', playback.url.replace('master.m3u8', name))).text
  const master = await read('master.m3u8')
  const { body: download } = await ana('GET', `/videos/${id}/download`)
  const path = clips.path(`${id}.mp4`)
  await writeFile(path, Buffer.from(await (await fetch(download.url)).arrayBuffer()))
  const show = ['-v', 'error', '-print_format', 'json', '-show_streams', path]
  const { streams } = JSON.parse((await run(ffprobe, show)).stdout)
  type Stream = {
    codec_type: string
    channels: number
    start_time: string
    duration: string
    tags?: { language?: string }
  }
  const sounds = (streams as Stream[]).filter((stream) => stream.codec_type === 'audio')
  return { master, tags: masterTags(master, 'AUDIO'), read, sounds, video: (await ana('GET', `/videos/${id}`)).body }
}

describe('a film of several sounds', () => {
  it.each<[how: string, file: string, codecs: readonly string[]]>([
    ['MP4, copied', 'three.mp4', [...h264, '-movflags', '+faststart']],
    ['Matroska, copied', 'three.mkv', h264],
    ['in which one is of six channels', 'six.mkv', [...h264, '-c:a:2', 'ac3', '-ac:a:2', '6']],
    ['that is encoded', 'old.mkv', ['-c:v', 'mpeg4', '-c:a', 'ac3']],
  ])('keeps each of them in HLS and in the MP4: %s', async (_, file, codecs) => {
    await clips.made(file, [...three, ...told, ...codecs])
    const { master, tags, read, sounds, video } = await made(file)
    expect(tags).toEqual([
      {
        TYPE: 'AUDIO',
        'GROUP-ID': 'audio',
        NAME: 'português',
        LANGUAGE: 'pt',
        DEFAULT: 'YES',
        AUTOSELECT: 'YES',
        URI: 'audio.m3u8',
      },
      {
        TYPE: 'AUDIO',
        'GROUP-ID': 'audio',
        NAME: 'English',
        LANGUAGE: 'en',
        DEFAULT: 'NO',
        AUTOSELECT: 'YES',
        URI: 'audio1.m3u8',
      },
      // FFmpeg writes no title of a track into MP4.
      expect.objectContaining({
        NAME: file.endsWith('mp4') ? 'English 2' : 'The director',
        LANGUAGE: 'en',
        AUTOSELECT: 'NO',
        URI: 'audio2.m3u8',
      }),
    ])
    expect(master.match(/#EXT-X-STREAM-INF/g)).toHaveLength(1)
    for (const { URI } of tags) {
      const playlist = await read(URI!)
      expect(playlist).toContain('#EXT-X-ENDLIST')
      const lengths = [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].map(([, length]) => Number(length))
      expect(lengths.reduce((sum, length) => sum + length, 0)).toBeCloseTo(4, 0)
    }
    expect(sounds.map(({ tags: told }) => told?.language)).toEqual(['por', 'eng', 'eng'])
    expect(sounds.map(({ channels }) => channels)).toEqual([2, 2, 2])
    expect(sounds.map(({ duration }) => Math.round(Number(duration)))).toEqual([4, 4, 4])
    expect(video.leftOut).toEqual([])
  })

  it.each<[how: string, file: string, codecs: readonly string[]]>([
    ['copied', 'late.mkv', h264],
    ['encoded', 'late-old.mkv', ['-c:v', 'mpeg4', '-c:a', 'ac3']],
  ])('is whole where the second begins late: %s', async (_, file, codecs) => {
    const inputs = [...picture(8), ...tone(440, 8), '-itsoffset', '4', ...tone(880, 4)]
    await clips.made(file, [...inputs, '-map', '0', '-map', '1', '-map', '2', ...codecs])
    const { tags, sounds, video } = await made(file)
    expect(tags).toHaveLength(2)
    expect(sounds.map(({ start_time, duration }) => Math.round(Number(start_time) + Number(duration)))).toEqual([8, 8])
    expect(video).toMatchObject({ durationSeconds: expect.closeTo(8, 0), problem: null, leftOut: [] })
  })

  it('is whole where one of them ends early', async () => {
    const inputs = [...picture(6), ...tone(440, 6), ...tone(880, 2)]
    await clips.made('short.mp4', [...inputs, '-map', '0', '-map', '1', '-map', '2', ...h264])
    expect((await made('short.mp4')).video.problem).toBeNull()
  })

  it('has no picture', async () => {
    await clips.made('alone.mka', [...tone(440), ...tone(880), '-map', '0', '-map', '1', '-c:a', 'aac'])
    const { master, tags, sounds } = await made('alone.mka')
    expect(tags.map(({ URI }) => URI)).toEqual(['audio.m3u8', 'audio1.m3u8'])
    expect(master).toMatch(
      /#EXT-X-STREAM-INF:BANDWIDTH=\d+,AVERAGE-BANDWIDTH=\d+,CODECS="mp4a.40.2",AUDIO="audio"\naudio.m3u8/,
    )
    expect(sounds).toHaveLength(2)
  })

  it.each<[what: string, file: string, second: readonly string[], leftOut: readonly unknown[]]>([
    ['the second holds nothing', 'silent.mkv', ['-filter:a:1', 'atrim=start=100', '-live', '1'], []],
    ['the second is noise', 'noise.mkv', ['-c:a:1', 'ac3', '-bsf:a:1', 'noise=1'], [{ why: 'unreadable', tracks: 1 }]],
    ['the first is noise', 'first.mkv', ['-c:a:0', 'ac3', '-bsf:a:0', 'noise=1'], [{ why: 'unreadable', tracks: 1 }]],
  ])('plays with what can be heard: %s', async (_, file, second, leftOut) => {
    const inputs = [...picture(), ...tone(440), ...tone(880)]
    await clips.made(file, [...inputs, '-map', '0', '-map', '1', '-map', '2', ...h264, ...second])
    const { tags, sounds, video } = await made(file)
    const found = [tags.length, sounds.length, video.leftOut]
    // A decoder that makes something of noise lets that be heard.
    expect([[1, 1, leftOut], ...(leftOut.length > 0 ? [[2, 2, []]] : [])]).toContainEqual(found)
  })
})
