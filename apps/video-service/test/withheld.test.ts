import { objectStore } from '@balcao/object-store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeleteVideo } from '../src/application/library/delete-video.ts'
import { archiveOf, outputsOf } from '../src/domain/video.ts'
import { type House, openHouse, processed, queuedVideo } from './support.ts'

let house: House
let ana: ReturnType<House['as']>
beforeAll(async () => {
  house = await openHouse({ store: objectStore })
  ana = house.as('ana')
})
afterAll(() => house?.close())

const statusOf = async (url: string) => (await fetch(url)).status
/** Nothing comes of it: as after a crash in that moment. */
const nobody = async () => undefined

/** A film that is ready, with something in every place that its URLs may lead to, and such URLs. */
async function film() {
  const { media, videos } = house.need
  const { id, jobId } = await queuedVideo(house, 'ana')
  await processed(house, jobId, 'ready')
  const keys = ['1/video.mp4', '1/poster.jpg', '1/720_0.m4s'].map((key) => outputsOf({ owner: 'ana', jobId }) + key)
  keys.push(`${archiveOf({ owner: 'ana', jobId })}${id}`)
  for (const key of keys) await media.put(key, Buffer.from('bytes'), 'video/mp4')
  const urls = keys.map((key) => media.signGet(key, { expiresIn: 3600 }))
  return { id, urls, isDeleted: async () => (await videos.get('ana', id)).deletedAt !== undefined }
}
const statuses = (urls: readonly string[]) => Promise.all(urls.map(statusOf))
const all = (status: number, urls: readonly string[]) => urls.map(() => status)

describe('the URLs of a film', () => {
  it('give nothing once it lies in the trash, and what they gave before once it is taken back', async () => {
    const { id, urls } = await film()
    const other = await film()
    const { url: download } = (await ana('GET', `/videos/${id}/download`)).body
    expect(await statuses([...urls, download])).toEqual(all(200, [...urls, download]))
    expect((await ana('DELETE', `/videos/${id}`)).status).toBe(204)
    expect(await statuses([...urls, download])).toEqual(all(404, [...urls, download]))
    expect(await statuses(other.urls)).toEqual(all(200, other.urls))
    expect((await ana('POST', `/videos/${id}/restore`)).status).toBe(200)
    expect(await statuses([...urls, download])).toEqual(all(200, [...urls, download]))
  })

  it('show its owner the poster in the trash', async () => {
    const { id } = await film()
    const before = (await ana('GET', `/videos/${id}`)).body.posterUrl
    await ana('DELETE', `/videos/${id}`)
    const { items } = (await ana('GET', '/videos?trash=true')).body
    const inTrash = items.find((video: { id: string }) => video.id === id)
    expect([await statusOf(before), await statusOf(inTrash.posterUrl)]).toEqual([404, 200])
  })

  it('are called back by a message where the store was away', async () => {
    const { id, urls } = await film()
    await new DeleteVideo({ ...house.need, withhold: nobody }).run({ owner: 'ana', id })
    expect(await statuses(urls)).toEqual(all(200, urls))
    await house.video.withholdVideo.run({ owner: 'ana', videoId: id })
    expect(await statuses(urls)).toEqual(all(404, urls))
  })

  it('follow what was wished last, however many wish at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      const { id, urls, isDeleted } = await film()
      const wishes = [ana('DELETE', `/videos/${id}`), ana('POST', `/videos/${id}/restore`)]
      wishes.push(ana('DELETE', `/videos/${id}`), ana('POST', `/videos/${id}/restore`))
      await Promise.all(wishes)
      expect(await statuses(urls)).toEqual(all((await isDeleted()) ? 404 : 200, urls))
    }
  })

  it('of a video that is erased ask nothing of the store', async () => {
    await house.video.withholdVideo.run({ owner: 'ana', videoId: '01a22022-b440-7e6c-acc8-436897228c48' })
  })
})
