import { objectStore } from '@balcao/object-store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { h264, openClips } from './clips.ts'
import { type House, openHouse, processAll, uploadFile } from './support.ts'

let house: House
let clips: Awaited<ReturnType<typeof openClips>>
let ana: ReturnType<House['as']>
let clip: string
beforeAll(async () => {
  house = await openHouse({ store: objectStore })
  clips = await openClips()
  ana = house.as('ana')
  clip = await clips.film('clip.mkv', ['-c:v', 'mpeg4', '-c:a', 'ac3'], { seconds: 1 })
})
afterAll(async () => {
  await house?.close()
  await clips?.remove()
})

const change = (keepOriginals: boolean, as = ana) => as('PUT', '/videos/settings', { keepOriginals })
const sent = (path = clip, person = 'ana') => uploadFile(house, person, path)

async function made({ id, jobId }: { id: string; jobId: string }, as = ana) {
  await processAll(house.video.processVideo, jobId, new AbortController().signal)
  await house.video.tidyVideo.run(jobId)
  await house.video.tidyVideo.run(jobId)
  const { body } = await as('GET', `/videos/${id}`)
  const kept: string[] = []
  for (const bucket of [house.need.temp, house.need.media])
    for (const place of ['input', 'archive']) {
      for await (const { key } of bucket.list(`${place}/`)) if (key.endsWith(id)) kept.push(key)
    }
  return { state: body.state, originalKept: body.originalKept, objects: kept.length, problem: body.problem?.code }
}

describe('whether originals are kept', () => {
  it('is so until a person says otherwise, and each says so for themselves', async () => {
    expect((await ana('GET', '/videos/settings')).body).toEqual({ keepOriginals: true })
    expect((await change(false)).body).toEqual({ keepOriginals: false })
    expect((await ana('GET', '/videos/settings')).body).toEqual({ keepOriginals: false })
    const bia = house.as('bia')
    expect((await bia('GET', '/videos/settings')).body).toEqual({ keepOriginals: true })
    expect(await made(await sent(clip, 'bia'), bia)).toMatchObject({ originalKept: true, objects: 1 })
    await change(true)
  })

  it('takes nothing but a yes or a no', async () => {
    for (const body of [{}, { keepOriginals: 'no' }, { keepOriginals: false, other: 1 }])
      expect((await ana('PUT', '/videos/settings', body)).status).toBe(400)
  })

  it('is as it was when a film was sent', async () => {
    const before = await sent()
    await change(false)
    const after = await sent()
    await change(true)
    expect(await made(before)).toMatchObject({ state: 'ready', originalKept: true, objects: 1 })
    expect(await made(after)).toMatchObject({ state: 'ready', originalKept: false, objects: 0 })
    const { status, body } = await ana('GET', `/videos/${after.id}/original`)
    expect([status, body.code]).toEqual([409, 'original/not_kept'])
    const { body: film } = await ana('GET', `/videos/${after.id}/download`)
    expect((await fetch(film.url)).status).toBe(200)
  })

  it('lets images be made of the film that is left', async () => {
    await change(false)
    const film = await sent()
    await made(film)
    await change(true)
    const { body } = await ana('POST', `/videos/${film.id}/frames`, { count: 1 })
    await house.video.makeFrames.run(body.id, new AbortController().signal)
    expect((await ana('GET', `/videos/${film.id}/frames`)).body.items[0]).toMatchObject({ state: 'done' })
  })

  it('counts for nothing while a film is not made, and where not all of it could be', async () => {
    await change(false)
    const film = await sent()
    await house.video.tidyVideo.run(film.jobId)
    expect(await house.need.temp.head(`input/ana/${film.jobId}/${film.id}`)).toBeDefined()
    await clips.film('cut.mp4', [...h264, '-movflags', '+faststart'], { seconds: 4 })
    const cut = await sent(await clips.cut('cut.mp4', 0.6))
    expect(await made(cut)).toMatchObject({ problem: 'video/partial', originalKept: true, objects: 1 })
    await change(true)
  })
})
