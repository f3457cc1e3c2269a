import { ManualClock } from '@balcao/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../src/open.ts'
import { forFile, openWire, type Wire } from './wire.ts'

const DAY = 86_400
const clock = new ManualClock(new Date())
let wire: Wire
beforeAll(async () => {
  wire = await openWire({ clock })
})
afterAll(() => wire?.close())

const put = (key: string, body = 'bytes') => wire.signed('PUT', wire.path(wire.bucket, key), { body })
const ask = (method: 'PUT' | 'DELETE', folder: string) =>
  wire.signed(method, `/${wire.bucket}?balcao-withheld=${encodeURIComponent(folder)}`)
const withhold = async (folder: string) => expect((await ask('PUT', folder)).status).toBe(204)
const giveOut = async (folder: string) => expect((await ask('DELETE', folder)).status).toBe(204)
/** What a URL that was handed out gives. */
const byUrl = async (key: string, method = 'GET', headers = {}) =>
  (await wire.raw(method, wire.sign(method, key), headers)).status

describe('URLs of what is withheld', () => {
  it('give nothing by any way of reading, from a row or a file, and who has the key reads on', async () => {
    for (const [key, body] of [
      ['films/1/a.m4s', 'in a row'],
      ['films/1/deep/b.mp4', forFile('in a file')],
    ] as const) {
      await put(key, body)
      const given = wire.sign('GET', key)
      expect((await wire.raw('GET', given)).status).toBe(200)
      await withhold('films/1/')
      expect((await wire.raw('GET', given)).code).toBe('NoSuchKey')
      expect(await byUrl(key, 'HEAD')).toBe(404)
      expect(await byUrl(key, 'GET', { range: 'bytes=0-1' })).toBe(404)
      expect(await byUrl(key, 'GET', { 'if-none-match': '"x"' })).toBe(404)
      expect((await wire.raw('GET', wire.sign('GET', key, { query: { tagging: '' } }))).status).toBe(404)
      expect((await wire.signed('GET', wire.path(wire.bucket, key))).text).toBe(body)
      await giveOut('films/1/')
      expect((await wire.raw('GET', given)).text).toBe(body)
    }
  })

  it('are those below that very folder', async () => {
    const others = ['films/2', 'films/20/x', 'films/x', 'Films/2/x', 'films/2x/y', 'a/films/2/x', 'films//2/x']
    for (const key of ['films/2/x', ...others]) await put(key)
    await withhold('films/2/')
    expect(await byUrl('films/2/x')).toBe(404)
    for (const key of others) expect([key, await byUrl(key)]).toEqual([key, 200])
    await giveOut('films/2/')
  })

  it('are meant however they are written', async () => {
    const key = 'férias/ç %2F+/x'
    await put(key)
    await withhold('férias/ç %2F+/')
    expect(await byUrl(key)).toBe(404)
    const encoded = wire.sign('GET', key).replace('/x?', '/%78?')
    expect([403, 404]).toContain((await wire.raw('GET', encoded)).status)
    await giveOut('férias/ç %2F+/')
    expect(await byUrl(key)).toBe(200)
  })

  it('are also those of what comes there later', async () => {
    await withhold('later/')
    await put('later/x')
    expect(await byUrl('later/x')).toBe(404)
  })

  it('are called back in every process at once', async () => {
    await put('two/x')
    const { open } = await import('../src/open.ts')
    const other: Store = await open(wire.platform)
    await withhold('two/')
    await expect(other.readObject.find(wire.bucket, 'two/x', true)).rejects.toMatchObject({ code: 'NoSuchKey' })
    await other.withholdFolder.undo(wire.bucket, 'two/')
    expect(await byUrl('two/x')).toBe(200)
    await other.close()
  })

  it('may say, when they are signed, that they are good all the same; nobody else can make them say so', async () => {
    await put('trash/poster.jpg')
    await withhold('trash/')
    const owners = wire.sign('GET', 'trash/poster.jpg', { query: { 'balcao-withheld': '' } })
    expect((await wire.raw('GET', owners)).status).toBe(200)
    const forged = `${wire.sign('GET', 'trash/poster.jpg')}&balcao-withheld=`
    expect((await wire.raw('GET', forged)).code).toBe('SignatureDoesNotMatch')
  })
})

describe('withholding', () => {
  it('is for who has the key, and never by a URL', async () => {
    for (const method of ['PUT', 'DELETE']) {
      const path = wire.sign(method, '', { query: { 'balcao-withheld': 'films/3/' } })
      expect((await wire.raw(method, path)).code).toBe('AccessDenied')
      expect((await wire.raw(method, `/${wire.bucket}?balcao-withheld=films/3/`)).code).toBe('AccessDenied')
    }
  })

  it('is of a folder of a bucket that there is', async () => {
    for (const folder of ['', 'films', '/films/3']) expect((await ask('PUT', folder)).code).toBe('InvalidArgument')
    expect((await wire.signed('PUT', '/nowhere-here?balcao-withheld=a/')).code).toBe('NoSuchBucket')
  })

  it('is forgotten once nothing lies there and no URL of it can be good any more', async () => {
    await put('full/x')
    await withhold('full/')
    await withhold('empty/')
    const { open } = await import('../src/open.ts')
    const later = await open({ ...wire.platform, clock: new ManualClock(new Date(Date.now() + 8 * DAY * 1000)) })
    await later.sweep.run()
    await later.close()
    const rows = await wire.platform.sql.query<{ prefix: string }>('select prefix from withheld')
    const folders = rows.map(({ prefix }) => prefix)
    expect(folders).toContain('full/')
    expect(folders).not.toContain('empty/')
  })
})
