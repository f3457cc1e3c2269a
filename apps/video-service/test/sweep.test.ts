import { ManualClock } from '@balcao/kernel'
import { objectStore } from '@balcao/object-store'
import { until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SweepStore } from '../src/application/upload/sweep-store.ts'
import { SweepUploads } from '../src/application/upload/sweep-uploads.ts'
import { type House, openHouse, processed, put, queuedVideo } from './support.ts'

const DAY = 86_400
const clock = new ManualClock()

let house: House
let ana: ReturnType<House['as']>

beforeAll(async () => {
  house = await openHouse({ clock, store: objectStore })
  ana = house.as('ana')
})
afterAll(() => house?.close())

const state = async (id: string) => (await ana('GET', `/videos/${id}`)).body.state
const jobsOf = (id: string) => house.platform.sql.query('select id from jobs where video_id = $1', [id])
const bucket = () => house.platform.config.store.tempBucket
const sweep = () => ({ uploads: house.video.sweepUploads, trash: house.video.sweepTrash, jobs: house.video.sweepJobs })

async function sentByPut() {
  const { body } = await ana('POST', '/videos/upload-url', { fileName: 'a.mp4' })
  expect((await put(body.uploadUrl, Buffer.from('bytes'))).status).toBe(200)
  return body as { videoId: string; key: string }
}

async function sentInOnePart() {
  const { body } = await ana('POST', '/videos/uploads', { fileName: 'a.mp4', size: 5 })
  const { body: signed } = await ana('POST', `/videos/uploads/${body.videoId}/parts`, { partNumbers: [1] })
  expect((await put(signed.items[0].url, Buffer.from('bytes'))).status).toBe(200)
  const row = await house.platform.sql.first<{ key: string; upload_id: string }>('select * from videos where id = $1', [
    body.videoId,
  ])
  const { parts } = await house.platform.objects.bucket(bucket()).listParts(row!.key, row!.upload_id, 0)
  return { videoId: body.videoId as string, key: row!.key, uploadId: row!.upload_id, parts }
}

describe('the sweeper of uploads', () => {
  it('queues an upload whose bytes arrived without a word, once', async () => {
    const { videoId } = await sentByPut()
    await sweep().uploads.run()
    expect(await state(videoId)).toBe('uploading')
    clock.advance(61)
    await sweep().uploads.run()
    await sweep().uploads.run()
    expect(await state(videoId)).toBe('queued')
    expect(await jobsOf(videoId)).toHaveLength(1)
  })

  it('queues an upload that the store completed before its commit was lost', async () => {
    const { videoId, key, uploadId, parts } = await sentInOnePart()
    await house.platform.objects.bucket(bucket()).completeUpload(key, uploadId, parts)
    clock.advance(61)
    await sweep().uploads.run()
    expect(await state(videoId)).toBe('queued')
  })

  it('leaves an upload alone that waits for its bytes, and gives it up after seven days without a sign of life', async () => {
    const { videoId, key, uploadId } = await sentInOnePart()
    clock.advance(6 * DAY)
    await ana('POST', `/videos/uploads/${videoId}/parts`, { partNumbers: [1] })
    clock.advance(6 * DAY)
    await sweep().uploads.run()
    expect(await state(videoId)).toBe('uploading')
    clock.advance(DAY + 1)
    await sweep().uploads.run()
    expect((await ana('GET', `/videos/${videoId}`)).status).toBe(404)
    await expect(house.platform.objects.bucket(bucket()).listParts(key, uploadId, 0)).rejects.toMatchObject({
      code: 'upload/gone',
    })
  })

  it('does not give up an upload whose owner comes back to it in that very moment', async () => {
    const { videoId, key, uploadId } = await sentInOnePart()
    clock.advance(8 * DAY)
    const { need, video } = house
    const asOwnerReturns = Object.assign(Object.create(need.temp) as typeof need.temp, {
      head: async (name: string) => {
        if (name === key) await ana('POST', `/videos/uploads/${videoId}/parts`, { partNumbers: [1] })
        return need.temp.head(name)
      },
    })
    const parts = { accept: video.acceptUpload, cancel: video.cancelUpload }
    await new SweepUploads({ ...need, ...parts, temp: asOwnerReturns }).run()
    expect(await state(videoId)).toBe('uploading')
    expect((await house.platform.objects.bucket(bucket()).listParts(key, uploadId, 0)).parts).toHaveLength(1)
  })
})

describe('an upload that is over', () => {
  it.each([
    ['asks what is there', 'GET', 'parts'],
    ['completes it', 'POST', 'complete'],
  ])('because the store gave it up is over here too once its owner %s', async (_, method, path) => {
    const { videoId, key, uploadId } = await sentInOnePart()
    await house.platform.objects.bucket(bucket()).abortUpload(key, uploadId)
    const answer = await ana(method, `/videos/uploads/${videoId}/${path}`)
    expect([answer.status, answer.body.code]).toEqual([404, 'upload/gone'])
    const { body } = await ana('GET', '/videos/uploads')
    expect(body.items).not.toContainEqual(expect.objectContaining({ videoId }))
    expect((await ana('GET', `/videos/${videoId}`)).status).toBe(404)
  })

  it('takes its object with it when a completion comes after it was given up', async () => {
    const { videoId, key, uploadId, parts } = await sentInOnePart()
    await house.platform.sql.run('delete from videos where id = $1', [videoId])
    const stored = await house.platform.objects.bucket(bucket()).completeUpload(key, uploadId, parts)
    expect(await house.video.acceptUpload.run(stored)).toEqual({ answer: 'unknown' })
    expect(await house.platform.objects.bucket(bucket()).head(key)).toBeUndefined()
  })

  it('is queued once by all who notice it at the same time', async () => {
    const { videoId, key } = await sentByPut()
    const stored = (await house.platform.objects.bucket(bucket()).head(key))!
    const { acceptUpload } = house.video
    const all = await Promise.all([1, 2, 3].map(() => acceptUpload.run(stored)))
    expect(all.map(({ answer }) => answer).sort()).toEqual(['accepted', 'already', 'already'])
    expect(await jobsOf(videoId)).toHaveLength(1)
  })

  it('of another size than declared is refused, its object goes, and it may be sent again', async () => {
    const { body } = await ana('POST', '/videos/upload-url', { fileName: 'a.mp4', size: 5 })
    await house.platform.objects.bucket(bucket()).put(body.key, Buffer.from('six...'), 'video/mp4')
    const stored = (await house.platform.objects.bucket(bucket()).head(body.key))!
    expect(await house.video.acceptUpload.run(stored)).toEqual({ answer: 'refused' })
    expect(await state(body.videoId)).toBe('uploading')
    expect((await put(body.uploadUrl, Buffer.from('bytes'))).status).toBe(200)
  })
})

describe('the sweeper of the store', () => {
  it('removes what no video knows once no upload can still be alive, and nothing else', async () => {
    const { temp, media } = house.need
    const begin = (where: typeof temp, key: string) =>
      where.createUpload(key, { contentType: 'video/mp4', partSize: 5_242_880 })
    const left = [
      { where: temp, key: 'input/lost/in-parts', uploadId: await begin(temp, 'input/lost/in-parts') },
      { where: media, key: 'output/lost/video.mp4', uploadId: await begin(media, 'output/lost/video.mp4') },
    ]
    await temp.put('input/lost/whole', Buffer.from('bytes'), 'video/mp4')
    const [alive, kept] = [await sentInOnePart(), await sentByPut()]
    // The store tells the time by the wall's clock.
    const sweepIn = (seconds: number) =>
      new SweepStore({ ...house.need, clock: new ManualClock(new Date(Date.now() + seconds * 1000)) }).run()
    const unfinished = async () => {
      const ids: string[] = []
      for (const where of [temp, media]) for await (const { uploadId } of where.listUploads('')) ids.push(uploadId)
      return ids
    }
    await sweepIn(0)
    expect(await unfinished()).toEqual(expect.arrayContaining(left.map(({ uploadId }) => uploadId)))
    expect(await temp.head('input/lost/whole')).toBeDefined()

    await sweepIn(8 * DAY + 60)
    const still = await unfinished()
    for (const { uploadId } of left) expect(still).not.toContain(uploadId)
    expect(still).toContain(alive.uploadId)
    expect(await temp.head('input/lost/whole')).toBeUndefined()
    expect(await temp.head(kept.key)).toBeDefined()
  })
})

describe('the sweeper of the trash', () => {
  it('erases after 30 days, objects and rows, and nothing before', async () => {
    const { objects, config } = house.platform
    const { id, jobId } = await queuedVideo(house, 'ana')
    await processed(house, jobId, 'ready')
    const output = `output/ana/${jobId}/1/video.mp4`
    await objects.bucket(config.store.mediaBucket).put(output, Buffer.from('x'), 'video/mp4')
    await ana('DELETE', `/videos/${id}`)
    clock.advance(30 * DAY - 10)
    await sweep().trash.run()
    expect((await ana('GET', `/videos/${id}`)).status).toBe(200)
    clock.advance(11)
    await sweep().trash.run()
    expect((await ana('GET', `/videos/${id}`)).status).toBe(404)
    expect(await objects.bucket(config.store.mediaBucket).head(output)).toBeUndefined()
    expect(await house.platform.sql.query('select 1 from segments where video_id = $1', [id])).toEqual([])
  })
})

describe('the trash after 30 days', () => {
  it('is emptied at once, however much lies in it', async () => {
    const ids: string[] = []
    for (let video = 0; video < 21; video++) ids.push((await queuedVideo(house, 'caio')).id)
    for (const id of ids) await house.as('caio')('DELETE', `/videos/${id}`)
    clock.advance(30 * DAY + 1)
    await sweep().trash.run()
    expect((await house.as('caio')('GET', '/videos?trash=true')).body.items).toEqual([])
  })

  it('gives nothing back, even before it is emptied', async () => {
    const { id } = await queuedVideo(house, 'ana')
    await ana('DELETE', `/videos/${id}`)
    clock.advance(30 * DAY + 1)
    const restored = await ana('POST', `/videos/${id}/restore`)
    expect([restored.status, restored.body.code]).toEqual([404, 'video/not_found'])
  })
})

describe('the word of the store', () => {
  it('queues what was sent by one PUT', async () => {
    const own = await openHouse({ store: objectStore, work: true })
    const bia = own.as('bia')
    const { body } = await bia('POST', '/videos/upload-url', { fileName: 'b.mp4' })
    await put(body.uploadUrl, Buffer.from('bytes'))
    await until(async () => (await bia('GET', `/videos/${body.videoId}`)).body.state === 'queued')
    const video = (await bia('GET', `/videos/${body.videoId}`)).body
    expect(video.size).toBe(5)
    await own.close()
  })
})
