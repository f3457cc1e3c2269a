import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { ManualClock } from '@balcao/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filmOf, type House, openHouse, processed, queuedVideo } from './support.ts'

const clock = new ManualClock()

let house: House
let ana: ReturnType<House['as']>
let anyone: ReturnType<House['as']>

beforeAll(async () => {
  house = await openHouse({ clock })
  ana = house.as('ana')
  anyone = house.as('')
})
afterAll(() => house?.close())

const play = async (id: string) => (await ana('GET', `/videos/${id}/playback`)).body as { url: string; live: boolean }
const rendition = (master: string, name: string) => master.replace('master', name)
const urls = (playlist: string) => playlist.split('\n').filter((line) => line.startsWith('http'))

async function film(until: 'live' | 'ready') {
  const { id, jobId } = await queuedVideo(house, 'ana')
  return { id, jobId, ...(await processed(house, jobId, until)) }
}

describe('playback', () => {
  it('begins only when there is a segment', async () => {
    const { id } = await queuedVideo(house, 'ana')
    const answer = await ana('GET', `/videos/${id}/playback`)
    expect([answer.status, answer.body.code]).toEqual([409, 'playback/not_ready'])
  })

  it('D3-30: gives playlists that need no header, with a signed URL for each segment', async () => {
    const { id, jobId } = await film('ready')
    const { url, live } = await play(id)
    expect(live).toBe(false)
    const master = await anyone('GET', url)
    expect(master.status).toBe(200)
    expect(master.headers.get('content-type')).toBe('application/vnd.apple.mpegurl')
    // 500 kB a second is 4 Mb/s, for the picture and for the sound.
    expect(master.text).toContain('BANDWIDTH=8000000,AVERAGE-BANDWIDTH=8000000,CODECS="avc1.64001f,mp4a.40.2"')
    expect(master.text).toContain('RESOLUTION=1280x720,FRAME-RATE=30.000,AUDIO="audio"\n720.m3u8')
    const media = (await anyone('GET', rendition(url, '720'))).text
    expect(urls(media)).toHaveLength(3)
    const segment = new URL(urls(media)[2]!)
    expect(segment.pathname).toBe(`/balcao-media/output/ana/${jobId}/1/720_2.m4s`)
    expect(segment.searchParams.get('X-Amz-Expires')).toBe(String(5 + 6 * 3600))
    expect(media).toContain('#EXT-X-ENDLIST')
  })

  it('reads the same bytes again, an hour later too', async () => {
    const { id } = await film('ready')
    const { url } = await play(id)
    const first = await anyone('GET', rendition(url, 'audio'))
    clock.advance(3600)
    expect((await anyone('GET', rendition(url, 'audio'))).text).toBe(first.text)
  })

  it('is compressed for who takes it', async () => {
    const { id } = await film('ready')
    const { url } = await play(id)
    const get = (encoding: string) =>
      new Promise<{ encoding: string | undefined; bytes: Buffer }>((resolve, reject) => {
        request(house.origin + rendition(url, '720'), { headers: { 'accept-encoding': encoding } }, async (answer) => {
          const bytes = Buffer.concat(await answer.toArray())
          resolve({ encoding: answer.headers['content-encoding'], bytes })
        })
          .on('error', reject)
          .end()
      })
    const [plain, zipped] = [await get('identity'), await get('br, gzip')]
    expect([plain.encoding, zipped.encoding]).toEqual([undefined, 'gzip'])
    expect(gunzipSync(zipped.bytes)).toEqual(plain.bytes)
    expect((await get('gzip;q=0')).encoding).toBeUndefined()
  })

  it('of a film in the making grows until it ends, and its beginning never changes', async () => {
    const { id, publish, filmJobs, attempt } = await film('live')
    const { url, live } = await play(id)
    expect(live).toBe(true)
    const read = async () => (await anyone('GET', rendition(url, '720'))).text
    const one = await read()
    expect(one).toContain('#EXT-X-PLAYLIST-TYPE:EVENT')
    expect(one).not.toContain('ENDLIST')
    await publish(1, 2)
    const two = await read()
    expect(two.startsWith(one)).toBe(true)
    await filmJobs.finish(attempt, filmOf(attempt, { durationSeconds: 4 }))
    expect(await read()).toBe(`${two}#EXT-X-ENDLIST\n`)
  })

  it('of an attempt that another one replaced is over', async () => {
    const { id, jobId } = await film('live')
    const { url } = await play(id)
    clock.advance(61)
    await processed(house, jobId, 'ready')
    for (const path of [url, rendition(url, '720')]) {
      const answer = await anyone('GET', path)
      expect([answer.status, answer.body.code]).toEqual([404, 'playback/superseded'])
    }
    expect((await anyone('GET', (await play(id)).url)).status).toBe(200)
  })

  it('ends when the video is deleted, and goes on when it is restored', async () => {
    const { id } = await film('ready')
    const { url } = await play(id)
    await ana('DELETE', `/videos/${id}`)
    expect((await anyone('GET', url)).status).toBe(404)
    expect((await anyone('GET', rendition(url, '720'))).status).toBe(404)
    expect((await ana('GET', `/videos/${id}/playback`)).body.code).toBe('video/in_trash')
    await ana('POST', `/videos/${id}/restore`)
    expect((await anyone('GET', url)).status).toBe(200)
  })

  it('lasts as long as the film and six hours', async () => {
    const { id } = await film('ready')
    const { url } = await play(id)
    clock.advance(6 * 3600 + 4)
    expect((await anyone('GET', url)).status).toBe(200)
    clock.advance(2)
    const answer = await anyone('GET', url)
    expect([answer.status, answer.body.code]).toEqual([403, 'playback/expired'])
  })

  it('of an altered or invented capability is not there', async () => {
    const { id } = await film('ready')
    const { url } = await play(id)
    const capability = url.split('/')[3]!
    const [key, sealed] = capability.split('.')
    const flipped = (sealed![0] === 'A' ? 'B' : 'A') + sealed!.slice(1)
    for (const text of [`${key}.${flipped}`, `ffffffff.${sealed}`, sealed, 'x', `${capability}.x`]) {
      const answer = await anyone('GET', `/videos/play/${text}/master.m3u8`)
      expect([text, answer.status]).toEqual([text, 404])
    }
    for (const name of ["1080' or 1=1", '%00', '1080', '..']) {
      expect([name, (await anyone('GET', rendition(url, name))).status]).toEqual([name, 404])
    }
  })
})
