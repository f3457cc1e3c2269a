import { readFile } from 'node:fs/promises'
import { objectStore } from '@balcao/object-store'
import { until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { h264, openClips } from './clips.ts'
import { type House, openHouse, put } from './support.ts'

let house: House
let clips: Awaited<ReturnType<typeof openClips>>
let ana: ReturnType<House['as']>

beforeAll(async () => {
  clips = await openClips()
  house = await openHouse({ store: objectStore, work: true, films: true })
  ana = house.as('ana')
})
afterAll(async () => {
  await house?.close()
  await clips?.remove()
})

async function upload(fileName: string, bytes: Buffer): Promise<string> {
  const { body: started } = await ana('POST', '/videos/uploads', { fileName, size: bytes.length })
  const path = `/videos/uploads/${started.videoId}`
  const { body: signed } = await ana('POST', `${path}/parts`, { partNumbers: [1] })
  expect((await put(signed.items[0].url, bytes)).status).toBe(200)
  expect((await ana('POST', `${path}/complete`)).status).toBe(202)
  return started.videoId
}

const settled = (id: string) =>
  until(async () => {
    const { body } = await ana('GET', `/videos/${id}`)
    return ['ready', 'failed'].includes(body.state) && body
  }, 60)

const lines = (playlist: string) => playlist.split('\n').filter((line) => line && !line.startsWith('#'))

describe('a video', () => {
  it('D1-01: goes in by signed URLs and comes out as a film that plays and downloads', async () => {
    const source = await readFile(await clips.film('praia.mp4', h264))
    const id = await upload('Praia.mp4', source)
    const video = await settled(id)
    expect(video).toMatchObject({ state: 'ready', percent: 100, playable: true, downloadable: true, problem: null })
    expect((await fetch(video.posterUrl)).headers.get('content-type')).toBe('image/jpeg')

    const { url } = (await ana('GET', `/videos/${id}/playback`)).body
    const master = await (await fetch(house.origin + url)).text()
    for (const name of [...lines(master), 'audio.m3u8']) {
      const playlist = await (await fetch(new URL(name, house.origin + url))).text()
      expect(playlist).toContain('#EXT-X-ENDLIST')
      const ranges = [...playlist.matchAll(/BYTERANGE[=:]"?(\d+)@(\d+)/g)].map(([, size, start]) => [+size!, +start!])
      expect(ranges).toHaveLength(1 + lines(playlist).length)
      for (const [size, start] of ranges) {
        const range = `bytes=${start}-${start! + size! - 1}`
        const answer = await fetch(lines(playlist)[0]!, { headers: { range } })
        expect([range, answer.status]).toEqual([range, 206])
        expect((await answer.arrayBuffer()).byteLength).toBe(size)
      }
    }

    const download = (await ana('GET', `/videos/${id}/download`)).body
    const saved = await fetch(download.url)
    expect(saved.headers.get('content-disposition')).toContain('Praia.mp4')
    expect(
      Buffer.from(await saved.arrayBuffer())
        .subarray(4, 8)
        .toString(),
    ).toBe('ftyp')
  })

  it.each([
    ['texto.mp4', 'isto não é um filme', 'video/not_media'],
    ['lista.mp4', '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n', 'video/unsupported_container'],
    ['roteiro.mp4', 'ffconcat version 1.0\nfile ../../etc/passwd\n', 'video/unsupported_container'],
    ['página.mp4', '<!doctype html><script>alert(1)</script>', 'video/unsupported_container'],
  ])('that is none (%s) is refused with its reason, once', async (name, text, code) => {
    const id = await upload(name, Buffer.from(text))
    expect(await settled(id)).toMatchObject({ state: 'failed', problem: { code } })
    const row = await house.platform.sql.first('select attempt, state from jobs where video_id = $1', [id])
    expect(row).toEqual({ attempt: 1, state: 'failed' })
  })
})
