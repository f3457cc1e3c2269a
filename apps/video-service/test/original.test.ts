import { readFile } from 'node:fs/promises'
import { objectStore } from '@balcao/object-store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { h264, openClips } from './clips.ts'
import { type House, openHouse, processAll, uploadFile } from './support.ts'

let house: House
let clips: Awaited<ReturnType<typeof openClips>>
let ana: ReturnType<House['as']>
beforeAll(async () => {
  house = await openHouse({ store: objectStore })
  clips = await openClips()
  ana = house.as('ana')
})
afterAll(async () => {
  await house?.close()
  await clips?.remove()
})

/** A film that is ready, its upload put away. */
async function film(path: string) {
  const { id, jobId } = await uploadFile(house, 'ana', path)
  await processAll(house.video.processVideo, jobId, new AbortController().signal)
  expect((await ana('GET', `/videos/${id}/original`)).status).toBe(path.endsWith('.mkv') ? 409 : 200)
  await house.video.tidyVideo.run(jobId)
  return `/videos/${id}`
}
const saved = async (path: string) => {
  const { body } = await ana('GET', path)
  const answer = await fetch(body.url)
  return { name: body.fileName, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }
}

describe('the original of a film', () => {
  it('comes back byte by byte, by its own name, and is shown by no browser', async () => {
    const path = await clips.film('old.mkv', ['-c:v', 'mpeg4', '-c:a', 'ac3'], { seconds: 1 })
    const url = await film(path)
    expect((await ana('GET', url)).body).toMatchObject({ originalKept: true, originalRemovable: true })
    const { name, headers, bytes } = await saved(`${url}/original`)
    expect(name).toBe('férias.mov')
    expect(headers.get('content-disposition')).toMatch(/^attachment/)
    expect(headers.get('content-type')).toBe('application/octet-stream')
    expect(bytes.equals(await readFile(path))).toBe(true)
    const strange = house.as('bia')
    for (const method of ['GET', 'DELETE']) expect((await strange(method, `${url}/original`)).status).toBe(404)
  })

  it('may be given up: the film stays, and what was sent is gone', async () => {
    const url = await film(await clips.film('given-up.mkv', ['-c:v', 'mpeg4', '-c:a', 'ac3'], { seconds: 1 }))
    const { body: original } = await ana('GET', `${url}/original`)
    const given = await ana('DELETE', `${url}/original`)
    expect([given.status, given.body.originalKept]).toEqual([200, false])
    expect((await fetch(original.url)).status).toBe(404)
    for (const method of ['GET', 'DELETE']) {
      const { status, body } = await ana(method, `${url}/original`)
      expect([status, body.code]).toEqual([409, 'original/not_kept'])
    }
    expect((await saved(`${url}/download`)).bytes.length).toBeGreaterThan(1000)
    expect((await ana('GET', url)).body).toMatchObject({
      state: 'ready',
      originalKept: false,
      originalRemovable: false,
    })
  })

  it('that is the MP4 itself goes only with the film', async () => {
    const path = await clips.film('ready.mp4', [...h264, '-movflags', '+faststart'], { seconds: 1 })
    const url = await film(path)
    expect((await ana('GET', url)).body).toMatchObject({ originalKept: true, originalRemovable: false })
    expect((await saved(`${url}/original`)).bytes.equals(await readFile(path))).toBe(true)
    expect((await ana('DELETE', `${url}/original`)).body.code).toBe('original/is_download')
  })

  it('of a film in the trash waits there', async () => {
    const url = await film(await clips.film('trash.mkv', ['-c:v', 'mpeg4', '-c:a', 'ac3'], { seconds: 1 }))
    await ana('DELETE', url)
    for (const method of ['GET', 'DELETE'])
      expect((await ana(method, `${url}/original`)).body.code).toBe('video/in_trash')
  })
})
