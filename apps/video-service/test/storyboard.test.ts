import { readFile, writeFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { h264 } from './clips.ts'
import { filmHouse, processed, queuedVideo } from './support.ts'

const films = filmHouse()

const ana = (method: string, path: string) => films.house.as('ana')(method, path)
const anyone = (path: string) => films.house.as('')('GET', path)
const play = async (id: string) => (await ana('GET', `/videos/${id}/playback`)).body

/** A film that grows brighter every second. */
const brighter = (seconds: number) =>
  ['-f', 'lavfi', '-i', `color=black:s=320x180:r=30:d=${seconds},geq=lum='16+20*floor(T)':cb=128:cr=128`] as const
const sound = (seconds: number) => ['-f', 'lavfi', '-i', `sine=440:r=48000:d=${seconds}`] as const

/** How bright each picture of a storyboard is, as the second of the film that it shows. */
async function secondsShown(id: string) {
  const { storyboardUrl } = await play(id)
  const { text, headers } = await anyone(storyboardUrl)
  expect(headers.get('content-type')).toContain('text/vtt')
  const cues = [...text.matchAll(/^([\d:.]+) --> ([\d:.]+)\n(.+)#xywh=(\d+),(\d+),(\d+),(\d+)$/gm)]
  const sheet = await fetch(cues[0]![3]!)
  expect(sheet.headers.get('content-type')).toBe('image/jpeg')
  await writeFile(films.clips.path('sheet.jpg'), Buffer.from(await sheet.arrayBuffer()))
  const shown: number[] = []
  for (const [, , , , x, y, width, height] of cues) {
    const picture = `crop=${width}:${height}:${x}:${y},scale=1:1:flags=area,format=gray`
    await films.clips.made('one.gray', ['-i', 'sheet.jpg', '-vf', picture, '-f', 'rawvideo'])
    const [grey] = await readFile(films.clips.path('one.gray'))
    // What is 16 … 235 in a film is 0 … 255 in a JPEG.
    shown.push(Math.round((grey! * 219) / 255 / 20))
  }
  return { begins: cues.map(([, begin]) => begin!.slice(6)), shown }
}

describe('the storyboard of a film', () => {
  it.each<[plan: string, name: string, options: readonly string[], shown: number[]]>([
    ['is encoded', 'encoded.mkv', ['-c:v', 'mpeg4', '-q:v', '2'], [0, 2, 4, 6, 8]],
    ['is copied', 'copied.mkv', h264, [0, 2, 4, 6, 8]],
    ['is copied with few key frames', 'few.mkv', [...h264, '-g', '90'], [0, 0, 3, 6, 6]],
    ['is served as it is', 'served.mp4', [...h264, '-movflags', '+faststart'], [0, 2, 4, 6, 8]],
  ])('that %s shows its last key frame before every other second', async (_, name, options, expected) => {
    const clip = await films.clips.made(name, [...brighter(9), ...sound(9), ...options])
    const { id, state, stumbles } = await films.process(clip)
    expect([state, stumbles]).toEqual(['ready', []])
    const { begins, shown } = await secondsShown(id)
    expect(begins).toEqual(['00.000', '02.000', '04.000', '06.000', '08.000'])
    expect(shown).toEqual(expected)
  })

  it('opens by a capability only, and ends with the film', async () => {
    const { id, jobId } = await films.process(await films.clips.film('ends.mkv', h264, { seconds: 2 }))
    const { storyboardUrl } = await play(id)
    expect((await anyone('/videos/play/x/storyboard.vtt')).status).toBe(404)
    expect((await anyone(storyboardUrl)).status).toBe(200)
    const [row] = await films.house.platform.sql.query<{ key: string }>(
      'select key from storyboards where video_id = $1',
      [id],
    )
    expect(row!.key).toContain(`output/ana/${jobId}/`)
    expect(await buffer(await films.house.need.media.get(row!.key))).not.toHaveLength(0)
    await ana('DELETE', `/videos/${id}`)
    expect((await anyone(storyboardUrl)).body.code).toBe('playback/superseded')
  })

  it('is not there for sound alone, nor for a film made before there were any', async () => {
    const { id } = await films.process(await films.clips.film('sound.mp3', ['-vn'], { seconds: 2 }))
    expect((await play(id)).storyboardUrl).toBeNull()
    const older = await queuedVideo(films.house, 'ana')
    await processed(films.house, older.jobId, 'ready')
    const { url, storyboardUrl } = await play(older.id)
    expect(storyboardUrl).toBeNull()
    expect((await anyone(url.replace('master.m3u8', 'storyboard.vtt'))).text).toBe('WEBVTT\n')
  })
})
