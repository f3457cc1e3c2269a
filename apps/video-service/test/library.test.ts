import { ManualClock } from '@balcao/kernel'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type House, openHouse, processed, queuedVideo } from './support.ts'

const clock = new ManualClock()
const titles = ['Zebra.mp4', 'água.mp4', 'Árvore.mov', 'abelha.mkv', 'Férias 50%_1.mp4', 'ção.mp4']

let house: House
let ana: ReturnType<House['as']>

beforeAll(async () => {
  house = await openHouse({ clock })
  ana = house.as('ana')
  for (const title of titles) {
    clock.advance(1)
    await queuedVideo(house, 'ana', title)
  }
  await queuedVideo(house, 'bia', 'de outra pessoa.mp4')
})
afterAll(() => house?.close())

const list = async (query = '') => {
  const { body } = await ana('GET', `/videos?${query}`)
  return body.items.map((video: { title: string }) => video.title) as string[]
}

describe('the library', () => {
  it('D3-05, FX-5: shows the newest first, and only what is mine', async () => {
    expect(await list()).toEqual([...titles].reverse())
    expect(await list('sort=oldest')).toEqual(titles)
  })

  it('sorts titles as a Brazilian dictionary does', async () => {
    const sorted = ['abelha.mkv', 'água.mp4', 'Árvore.mov', 'ção.mp4', 'Férias 50%_1.mp4', 'Zebra.mp4']
    expect(await list('sort=title')).toEqual(sorted)
  })

  it.each([
    ['FERIAS', ['Férias 50%_1.mp4']],
    ['arvore', ['Árvore.mov']],
    ['50%_', ['Férias 50%_1.mp4']],
    ['%', ['Férias 50%_1.mp4']],
    ['outra', []],
  ])('finds %j', async (search, found) => {
    expect(await list(`search=${encodeURIComponent(search)}`)).toEqual(found)
  })

  it('is the same read in pages of any size, in any order', async () => {
    const sorts = ['newest', 'oldest', 'title']
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sorts), fc.integer({ min: 1, max: 7 }), async (sort, limit) => {
        const all: string[] = []
        let cursor: string | null = ''
        while (cursor !== null) {
          const { body } = await ana('GET', `/videos?sort=${sort}&limit=${limit}${cursor && `&cursor=${cursor}`}`)
          all.push(...body.items.map((video: { title: string }) => video.title))
          cursor = body.nextCursor
        }
        expect(all).toEqual(await list(`sort=${sort}`))
      }),
      { numRuns: 12 },
    )
  })

  it.each(['cursor=x', 'cursor=WzEsMl0', 'cursor=WyJ4IiwieSJd', 'limit=0', 'limit=101', 'sort=size'])(
    'refuses %s',
    async (query) => {
      const answer = await ana('GET', `/videos?${query}`)
      expect([answer.status, answer.body.code]).toEqual([400, 'request/invalid'])
      expect(answer.body.detail).toContain(query.split('=')[0])
    },
  )

  it.each(['%00', 'x', "' or 1=1", '..%2F..', 'á'.repeat(60)])('knows no video with the id %j', async (id) => {
    const answer = await ana('GET', `/videos/${id}`)
    expect(answer.status).toBe(404)
  })

  it('refuses text that no database keeps', async () => {
    const cursor = Buffer.from(JSON.stringify(['a\0', 'b'])).toString('base64url')
    expect((await ana('GET', '/videos?search=%00a')).body.detail).toContain('search')
    expect((await ana('GET', `/videos?sort=title&cursor=${cursor}`)).body.detail).toContain('cursor')
    expect((await ana('POST', '/videos/upload-url', { fileName: 'a\0.mp4' })).body.detail).toContain('fileName')
  })

  it('keeps a deleted video in the trash until it is restored', async () => {
    const { id } = await queuedVideo(house, 'ana', 'lixo.mp4')
    expect((await ana('DELETE', `/videos/${id}`)).status).toBe(204)
    expect((await ana('DELETE', `/videos/${id}`)).status).toBe(204)
    expect(await list()).not.toContain('lixo.mp4')
    expect(await list('trash=true')).toEqual(['lixo.mp4'])
    expect((await ana('GET', `/videos/${id}`)).body.deletedAt).toBe(clock.now().toISOString())
    const restored = await ana('POST', `/videos/${id}/restore`)
    expect([restored.status, restored.body.deletedAt]).toEqual([200, null])
    expect(await list('trash=true')).toEqual([])
  })
})

describe('a download', () => {
  it('D3-09: is saved under the title of the film', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana', 'Praia "do" Forte.mov')
    expect((await ana('GET', `/videos/${id}/download`)).body.code).toBe('download/not_ready')
    await processed(house, jobId, 'ready')
    const { body } = await ana('GET', `/videos/${id}/download`)
    expect(body).toMatchObject({ fileName: 'Praia _do_ Forte.mp4', expiresIn: 3600 })
    const url = new URL(body.url)
    expect(url.pathname).toBe(`/balcao-media/output/ana/${jobId}/1/video.mp4`)
    expect(url.searchParams.get('response-content-disposition')).toMatch(/^attachment/)
    await ana('DELETE', `/videos/${id}`)
    expect((await ana('GET', `/videos/${id}/download`)).body.code).toBe('video/in_trash')
  })
})
