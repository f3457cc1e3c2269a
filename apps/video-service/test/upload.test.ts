import { randomBytes } from 'node:crypto'
import { newId } from '@balcao/kernel'
import { objectStore } from '@balcao/object-store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RegisterVideo } from '../src/application/upload/register-video.ts'
import { StartUpload } from '../src/application/upload/start-upload.ts'
import { type House, openHouse, put } from './support.ts'

const MiB = 1024 ** 2
const size = 16 * MiB + 5
const file = randomBytes(size)
const first = file.subarray(0, 16 * MiB)
const last = file.subarray(16 * MiB)

let house: House
let ana: ReturnType<House['as']>
let bia: ReturnType<House['as']>

beforeAll(async () => {
  house = await openHouse({ store: objectStore })
  ana = house.as('ana')
  bia = house.as('bia')
})
afterAll(() => house?.close())

const jobsOf = (videoId: string) =>
  house.platform.sql.query<{ id: string; state: string; etag: string }>('select * from jobs where video_id = $1', [
    videoId,
  ])

const start = async (fileName = 'férias.mov', bytes = size) =>
  (await ana('POST', '/videos/uploads', { fileName, size: bytes, fingerprint: 'f-1' })).body

const sign = async (id: string, partNumbers: number[]): Promise<{ url: string; size: number }[]> =>
  (await ana('POST', `/videos/uploads/${id}/parts`, { partNumbers })).body.items

async function sendAll(id: string): Promise<void> {
  const [one, two] = await sign(id, [1, 2])
  expect((await put(one!.url, first)).status).toBe(200)
  expect((await put(two!.url, last)).status).toBe(200)
}

describe('an upload by one PUT', () => {
  it('D1-22, D1-23, D3-29: gets a URL good for 3600 s below a key of server-made ids', async () => {
    const { status, body } = await ana('POST', '/videos/upload-url', { fileName: '../../$(rm -rf) "x".mp4' })
    expect(status).toBe(200)
    expect(new URL(body.uploadUrl).searchParams.get('X-Amz-Expires')).toBe('3600')
    expect(body.key).toBe(`input/ana/${body.jobId}/${body.videoId}`)
    expect(new URL(body.uploadUrl).pathname).toBe(`/video-temp-conversion/${body.key}`)
    expect(body.uploadUrl).not.toContain('rm')
  })

  it('D1-42: takes exactly as many bytes as were declared', async () => {
    const { body } = await ana('POST', '/videos/upload-url', { fileName: 'a.mp4', size: 10 })
    expect((await put(body.uploadUrl, Buffer.alloc(11))).status).toBe(403)
    expect((await put(body.uploadUrl, Buffer.alloc(10))).status).toBe(200)
  })

  it.each([
    [{}, 'fileName'],
    [{ fileName: '' }, 'fileName'],
    [{ fileName: 'a.mp4', size: 0 }, 'size'],
    [{ fileName: 'a.mp4', size: 6 * 1024 ** 3 }, 'size'],
  ])('is refused for %j, naming %s', async (body, field) => {
    const answer = await ana('POST', '/videos/upload-url', body)
    expect(answer.status).toBe(400)
    expect(answer.body.code).toBe('request/invalid')
    expect(answer.body.detail).toContain(field)
  })

  it('D1-13: needs a token', async () => {
    expect((await house.as('')('POST', '/videos/upload-url', { fileName: 'a' })).status).toBe(401)
    expect((await house.as('bad')('POST', '/videos/upload-url', { fileName: 'a' })).status).toBe(401)
  })

  it('D1-21: takes no video bytes itself', async () => {
    const answer = await fetch(`${house.origin}/videos/upload-url`, {
      method: 'POST',
      headers: { authorization: 'Bearer ana', 'content-type': 'application/json' },
      body: `{"fileName":"${'x'.repeat(200_000)}"}`,
    })
    expect(answer.status).toBe(413)
  })
})

describe('an upload in parts', () => {
  it('D1-03, D3-06, D3-08: is cut, sent, completed, and becomes one queued job', async () => {
    const upload = await start()
    expect(upload).toMatchObject({ partSize: 16 * MiB, partCount: 2, size, fileName: 'férias.mov', fingerprint: 'f-1' })
    await sendAll(upload.videoId)
    const done = await ana('POST', `/videos/uploads/${upload.videoId}/complete`)
    expect(done.status).toBe(202)
    expect(done.body).toMatchObject({ id: upload.videoId, state: 'queued', size })
    expect(await jobsOf(upload.videoId)).toMatchObject([{ state: 'waiting' }])
    const stored = await house.platform.objects
      .bucket(house.platform.config.store.tempBucket)
      .head(`input/ana/${(await jobsOf(upload.videoId))[0]!.id}/${upload.videoId}`)
    expect(stored?.size).toBe(size)
  })

  it('completed twice, also at once, is the same as once', async () => {
    const upload = await start()
    await sendAll(upload.videoId)
    const path = `/videos/uploads/${upload.videoId}/complete`
    const answers = await Promise.all([ana('POST', path), ana('POST', path), ana('POST', path)])
    expect(answers.map((answer) => answer.status)).toEqual([202, 202, 202])
    expect((await ana('POST', path)).status).toBe(202)
    expect(await jobsOf(upload.videoId)).toHaveLength(1)
  })

  it('tells which parts are there, so that it resumes after a reload', async () => {
    const upload = await start()
    const [, two] = await sign(upload.videoId, [1, 2])
    await put(two!.url, last)
    expect((await ana('GET', '/videos/uploads')).body.items).toContainEqual(upload)
    const parts = await ana('GET', `/videos/uploads/${upload.videoId}/parts`)
    expect(parts.body).toEqual({ items: [{ partNumber: 2, size: 5 }], nextCursor: null })
  })

  it('with a part missing is not completed, and goes on', async () => {
    const upload = await start()
    const [one, two] = await sign(upload.videoId, [1, 2])
    await put(one!.url, first)
    const refused = await ana('POST', `/videos/uploads/${upload.videoId}/complete`)
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({ code: 'upload/parts_missing', details: { missing: [2] } })
    await put(two!.url, last)
    expect((await ana('POST', `/videos/uploads/${upload.videoId}/complete`)).status).toBe(202)
  })

  it('takes only the signed number of bytes for a part', async () => {
    const upload = await start()
    const [, two] = await sign(upload.videoId, [1, 2])
    expect((await put(two!.url, Buffer.alloc(6))).status).toBe(403)
  })

  it('whose bytes are not those declared is refused, and goes on', async () => {
    const upload = await start()
    const { sql, objects, config } = house.platform
    const row = await sql.first<{ key: string; upload_id: string }>('select * from videos where id = $1', [
      upload.videoId,
    ])
    const wrong = objects.bucket(config.store.tempBucket).signPart(row!.key, {
      uploadId: row!.upload_id,
      partNumber: 2,
      size: 9,
      expiresIn: 60,
    })
    const [one] = await sign(upload.videoId, [1])
    await put(one!.url, first)
    expect((await put(wrong, Buffer.alloc(9))).status).toBe(200)
    const refused = await ana('POST', `/videos/uploads/${upload.videoId}/complete`)
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({ code: 'upload/size_mismatch', details: { parts: [2] } })
    expect(await jobsOf(upload.videoId)).toHaveLength(0)
    await sendAll(upload.videoId)
    expect((await ana('POST', `/videos/uploads/${upload.videoId}/complete`)).status).toBe(202)
  })

  it('signs no part beyond its last', async () => {
    const upload = await start()
    const answer = await ana('POST', `/videos/uploads/${upload.videoId}/parts`, { partNumbers: [3] })
    expect(answer.status).toBe(400)
    expect(answer.body.code).toBe('upload/part_number')
  })

  /** As if the store's disk had so much room. */
  const startWithRoom = (bytes: number, room: number | undefined) => {
    const need = { ...house.need, room: async () => room }
    const use = new StartUpload({ ...need, register: new RegisterVideo(need) })
    return use.run({ owner: 'ana', fileName: 'grande.mov', size: bytes })
  }

  it('D1-03: of 5 TB has 9,499 parts', async () => {
    const { multipart } = await startWithRoom(5_000_000_000_000, undefined)
    expect(multipart).toMatchObject({ partSize: 502 * MiB })
    expect(Math.ceil(5_000_000_000_000 / multipart!.partSize)).toBe(9_499)
  })

  it('for which there is no room is refused before a byte is sent, with how much is missing', async () => {
    await expect(startWithRoom(8_200_000_000, 5_000_000_000)).rejects.toMatchObject({
      code: 'upload/no_room',
      message: expect.stringContaining('faltam 3,2 GB'),
      details: { missing: 3_200_000_000 },
    })
    expect((await startWithRoom(5_000_000_000, 5_000_000_000)).state).toBe('uploading')
  })

  it('given up is gone, and cannot be completed', async () => {
    const upload = await start()
    await sendAll(upload.videoId)
    expect((await ana('DELETE', `/videos/uploads/${upload.videoId}`)).status).toBe(204)
    expect((await ana('POST', `/videos/uploads/${upload.videoId}/complete`)).status).toBe(404)
    expect((await ana('GET', `/videos/${upload.videoId}`)).status).toBe(404)
  })

  it('completed cannot be given up, and signs no more parts', async () => {
    const upload = await start()
    await sendAll(upload.videoId)
    await ana('POST', `/videos/uploads/${upload.videoId}/complete`)
    const abort = await ana('DELETE', `/videos/uploads/${upload.videoId}`)
    expect([abort.status, abort.body.code]).toEqual([409, 'upload/completed'])
    const more = await ana('POST', `/videos/uploads/${upload.videoId}/parts`, { partNumbers: [1] })
    expect([more.status, more.body.code]).toEqual([409, 'upload/completed'])
  })

  it('is completed by the next call when the first one died between the store and its commit', async () => {
    const upload = await start()
    await sendAll(upload.videoId)
    const { sql, objects, config } = house.platform
    const row = await sql.first<{ key: string; upload_id: string }>('select * from videos where id = $1', [
      upload.videoId,
    ])
    const { parts } = await objects.bucket(config.store.tempBucket).listParts(row!.key, row!.upload_id, 0)
    await objects.bucket(config.store.tempBucket).completeUpload(row!.key, row!.upload_id, parts)
    const listed = await ana('GET', `/videos/uploads/${upload.videoId}/parts`)
    expect(listed.body.items).toEqual(parts.map(({ partNumber, size }) => ({ partNumber, size })))
    const done = await ana('POST', `/videos/uploads/${upload.videoId}/complete`)
    expect([done.status, done.body.state]).toEqual([202, 'queued'])
    expect(await jobsOf(upload.videoId)).toHaveLength(1)
  })

  it('D3-14, D3-23: is not there for anybody else', async () => {
    const { videoId } = await start()
    const routes: [string, string, unknown?][] = [
      ['GET', `/videos/uploads/${videoId}/parts`],
      ['POST', `/videos/uploads/${videoId}/parts`, { partNumbers: [1] }],
      ['POST', `/videos/uploads/${videoId}/complete`],
      ['DELETE', `/videos/uploads/${videoId}`],
      ['GET', `/videos/${videoId}`],
      ['GET', `/videos/${videoId}/playback`],
      ['GET', `/videos/${videoId}/download`],
      ['DELETE', `/videos/${videoId}`],
      ['POST', `/videos/${videoId}/restore`],
      ['POST', `/videos/${videoId}/retry`],
    ]
    for (const [method, path, body] of routes) {
      const answer = await bia(method, path, body)
      expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 404, 'video/not_found'])
      const unknown = await ana(method, path.replace(videoId, newId()), body)
      expect(unknown.status).toBe(404)
    }
    expect((await bia('GET', '/videos/uploads')).body.items).toEqual([])
    expect((await bia('GET', '/videos')).body.items).toEqual([])
  })
})

describe('the database', () => {
  it('D3-19: keeps a video with its owner for ever', async () => {
    const { videoId } = await start()
    const steal = house.platform.sql.run(`update videos set owner = 'bia' where id = $1`, [videoId])
    await expect(steal).rejects.toThrow('never changes')
  })
})

describe('health', () => {
  it.each([
    ['/upload/health', 'upload ok'],
    ['/download/health', 'download ok'],
  ])('D3-43, D3-44: %s answers exactly %j', async (path, text) => {
    const answer = await house.as('')('GET', path)
    expect([answer.status, answer.text]).toEqual([200, text])
  })
})
