import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { ManualClock } from '@balcao/kernel'
import { describe, expect, it } from 'vitest'
import { SweepLooseSegments } from '../src/application/playback/sweep-loose-segments.ts'
import { h264 } from './clips.ts'
import { filmHouse } from './support.ts'

const films = filmHouse()

const ana = (method: string, path: string) => films.house.as('ana')(method, path)
const media = () => films.house.need.media
const play = async (id: string): Promise<string> => (await ana('GET', `/videos/${id}/playback`)).body.url
const playlist = async (url: string, name: string) => films.house.as('')('GET', url.replace('master', name))
/** As it will be when nobody can be watching by the loose segments any more. */
const sweep = () => {
  const clock = new ManualClock(new Date(Date.now() + 86_400_000))
  return new SweepLooseSegments({ ...films.house.need, clock }).run()
}
const below = async (prefix: string) => {
  const keys: string[] = []
  for await (const { key } of media().list(prefix)) keys.push(key.slice(prefix.length))
  return keys.sort()
}
/** What lies in the store of a film, without the numbers of its attempts. */
const objects = async (jobId: string) =>
  (await below(`output/ana/${jobId}/`)).map((key) => key.replace(/^\d+\/\d+\//, '')).sort()
const segmentRows = (id: string) => films.house.platform.sql.query('select 1 from segments where video_id = $1', [id])

const urls = (text: string) => text.split('\n').filter((line) => line.startsWith('http'))
const md5 = async (answer: Response) =>
  createHash('md5')
    .update(Buffer.from(await answer.arrayBuffer()))
    .digest('hex')
/** Hashes of what a player fetches by a media playlist: the init segment, and each segment. */
async function fetched(text: string): Promise<string[]> {
  const [, mapUrl, , mapSize, mapStart] = /MAP:URI="([^"]+)"(,BYTERANGE="(\d+)@(\d+)")?/.exec(text)!
  const entries = [...text.matchAll(/#EXTINF.*\n(?:#EXT-X-BYTERANGE:(\d+)@(\d+)\n)?(http.*)/g)]
  const parts = [[mapUrl, mapSize, mapStart], ...entries.map(([, size, start, url]) => [url, size, start])]
  return Promise.all(
    parts.map(async ([url, size, start]) => {
      const range = size === undefined ? undefined : `bytes=${start}-${Number(start) + Number(size) - 1}`
      const answer = await fetch(url!, range === undefined ? {} : { headers: { range } })
      expect(answer.status).toBe(range === undefined ? 200 : 206)
      return md5(answer)
    }),
  )
}

const ladder = ['-c:v', 'mpeg4', '-q:v', '5', '-c:a', 'ac3']

describe('a film that is whole', () => {
  it('lies in an object for each picture, the best of which is the download with the sound in it', async () => {
    const clip = await films.clips.film('ladder.mkv', ladder, { size: '1200x100', seconds: 5 })
    const { id, jobId } = await films.process(clip)
    const url = await play(id)
    const master = (await playlist(url, 'master')).text
    const [best, small, sound] = await Promise.all(
      ['100', '480', 'audio'].map(async (name) => (await playlist(url, name)).text),
    )
    for (const text of [best, small, sound]) expect(new Set(urls(text!)).size).toBe(1)
    expect(urls(best!)[0]).toBe(urls(sound!)[0])
    expect(urls(best!)[0]).not.toBe(urls(small!)[0])
    const download = await fetch((await ana('GET', `/videos/${id}/download`)).body.url)
    const whole = await fetch(urls(best!)[0]!)
    expect(await download.arrayBuffer()).toEqual(await whole.arrayBuffer())

    const before = await Promise.all([best, small, sound].map((text) => fetched(text!)))
    expect(before.map((parts) => parts.length)).toEqual([4, 4, 4])
    await sweep()
    expect(await objects(jobId)).toEqual(['packed/480.mp4', 'packed/video.mp4', 'poster.jpg', 'storyboard.jpg'])
    expect(await segmentRows(id)).toEqual([])
    expect(await Promise.all([best, small, sound].map((text) => fetched(text!)))).toEqual(before)
    const again = await play(id)
    expect((await playlist(again, 'master')).text).toBe(master)
    expect(master).toMatch(/BANDWIDTH=[1-9]\d{5,}.*\n100.m3u8/)
  })

  it('gives players what they got of its segments', async () => {
    const { id } = await films.process(await films.clips.film('same.mkv', h264, { seconds: 5 }))
    const { playAttempt } = await films.house.need.videos.get('ana', id)
    const { init, segments } = (await films.house.need.published.rendition(id, playAttempt!, '240'))!
    const hashes = await Promise.all(
      [init, ...segments].map(async ({ key }) => md5(await fetch(media().signGet(key, { expiresIn: 60 })))),
    )
    expect(hashes).toHaveLength(4)
    expect(await fetched((await playlist(await play(id), '240')).text)).toEqual(hashes)
  })

  it.each<[what: string, name: string, options: readonly string[], size: string, kept: string[]]>([
    ['copied', 'copied.mkv', h264, '320x240', ['packed/video.mp4', 'poster.jpg', 'storyboard.jpg']],
    [
      'served as it is',
      'served.mp4',
      [...h264, '-movflags', '+faststart'],
      '320x240',
      ['packed/240.mp4', 'packed/audio.mp4', 'poster.jpg', 'storyboard.jpg', 'video.mp4'],
    ],
    [
      'too large to be watched, which is copied for its download',
      'large.mp4',
      [...h264, '-movflags', '+faststart'],
      '2000x100',
      [
        'packed/1080.mp4',
        'packed/480.mp4',
        'packed/720.mp4',
        'packed/audio.mp4',
        'poster.jpg',
        'storyboard.jpg',
        'video.mp4',
      ],
    ],
    ['sound alone', 'sound.mp3', ['-vn'], '320x240', ['packed/audio.m4a']],
  ])('that is %s keeps nothing else', async (_, name, options, size, kept) => {
    const { jobId, state, stumbles } = await films.process(await films.clips.film(name, options, { size, seconds: 2 }))
    expect([state, stumbles]).toEqual(['ready', []])
    await sweep()
    expect(await objects(jobId)).toEqual(kept)
  })

  it('is its upload byte by byte where that is served as it is', async () => {
    const path = await films.clips.film('bytes.mp4', [...h264, '-movflags', '+faststart'])
    const { id } = await films.process(path)
    await sweep()
    const download = await fetch((await ana('GET', `/videos/${id}/download`)).body.url)
    expect(Buffer.from(await download.arrayBuffer()).equals(await readFile(path))).toBe(true)
  })
})
