import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { elements } from './model/client.ts'
import { openWire, type Wire } from './wire.ts'

let wire: Wire
beforeAll(async () => {
  wire = await openWire()
})
afterAll(() => wire.close())

type Query = Readonly<Record<string, string>>

async function fill(...keys: string[]): Promise<void> {
  const { text } = await wire.signed('GET', `/${wire.bucket}?list-type=2&encoding-type=url`)
  for (const key of elements(text, 'Key')) await wire.signed('DELETE', `/${wire.bucket}/${key}`)
  for (const key of keys) await wire.signed('PUT', wire.path(wire.bucket, key), { body: key })
}

const ask = (query: Query, bucket = wire.bucket) => {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return wire.signed('GET', `/${bucket}?${pairs.join('&')}`)
}

/** What a page holds, and whether another follows. */
async function page(query: Query) {
  const { text } = await ask(query)
  const [head] = text.split(/<Contents>|<CommonPrefixes>/)
  return {
    keys: elements(text, 'Key'),
    folded: elements(text.slice(head!.length), 'Prefix'),
    more: elements(text, 'IsTruncated')[0] === 'true',
  }
}

const VERSIONS: Query[] = [{}, { 'list-type': '2' }]

describe.each(VERSIONS)('a listing of version %o', (version) => {
  it('of a bucket with nothing in it is empty, and does not end early', async () => {
    await fill()
    expect(await page(version)).toEqual({ keys: [], folded: [], more: false })
  })

  it('knows nothing of other buckets', async () => {
    await fill('here')
    const { text } = await ask(version, wire.temp)
    expect(elements(text, 'Key')).toEqual([])
    expect(elements(text, 'Name')).toEqual([wire.temp])
  })

  it.each([
    ['a slash', '/', ['foo/bar', 'foo/bar/xyz', 'quux/thud', 'plain'], ['plain'], ['foo/', 'quux/']],
    ['a letter', 'a', ['bar', 'baz', 'cab', 'foo'], ['foo'], ['ba', 'ca']],
    ['a percent sign', '%', ['b%ar', 'b%az', 'c%ab', 'foo'], ['foo'], ['b%', 'c%']],
    ['a space', ' ', ['b ar', 'b az', 'c ab', 'foo'], ['foo'], ['b ', 'c ']],
    ['a dot', '.', ['b.ar', 'b.az', 'c.ab', 'foo'], ['foo'], ['b.', 'c.']],
    ['a line feed', '\n', ['bar', 'baz'], ['bar', 'baz'], []],
    ['what no key has', '|', ['bar', 'foo'], ['bar', 'foo'], []],
    ['nothing', '', ['bar', 'foo/x'], ['bar', 'foo/x'], []],
    ['several letters', '//', ['a/b', 'a//b', 'a//c'], ['a/b'], ['a//']],
  ])('folds keys behind %s', async (_, delimiter, keys, plain, folded) => {
    await fill(...keys)
    expect(await page({ ...version, delimiter })).toEqual({ keys: plain, folded, more: false })
    expect(elements((await ask({ ...version, delimiter })).text, 'Delimiter')).toEqual(delimiter ? [delimiter] : [])
  })

  it('folds behind its prefix, and leaves a key that ends there', async () => {
    await fill('_under/', '_under/bar', '_under/baz/x', '_under/baz/y', '_unders')
    const query = { ...version, prefix: '_under/', delimiter: '/' }
    expect(await page(query)).toEqual({ keys: ['_under/', '_under/bar'], folded: ['_under/baz/'], more: false })
    expect(await page({ ...query, 'max-keys': '2' })).toEqual({
      keys: ['_under/', '_under/bar'],
      folded: [],
      more: true,
    })
    expect((await page({ ...query, prefix: '_u' })).folded).toEqual(['_under/'])
  })

  it.each([
    ['', ['a/1', 'a/2', 'b']],
    ['a/', ['a/1', 'a/2']],
    ['/', []],
    ['\n', []],
    ['a/12', []],
  ])('has what begins with %j', async (prefix, keys) => {
    await fill('a/1', 'a/2', 'b')
    expect((await page({ ...version, prefix })).keys).toEqual(keys)
  })

  it('has as many as are asked for, and a thousand at most', async () => {
    await fill('a', 'b', 'c')
    expect(await page({ ...version, 'max-keys': '1' })).toEqual({ keys: ['a'], folded: [], more: true })
    expect(await page({ ...version, 'max-keys': '3' })).toEqual({ keys: ['a', 'b', 'c'], folded: [], more: false })
    expect(await page({ ...version, 'max-keys': '0' })).toEqual({ keys: [], folded: [], more: false })
    expect(elements((await ask(version)).text, 'MaxKeys')).toEqual(['1000'])
    expect(elements((await ask({ ...version, 'max-keys': '5000' })).text, 'MaxKeys')).toEqual(['1000'])
    for (const wrong of ['', 'blah', '-1', '1.5'])
      expect((await ask({ ...version, 'max-keys': wrong })).code).toBe('InvalidArgument')
  })

  it.each([
    ['', ['a', 'b', 'c']],
    ['b', ['c']],
    ['bb', ['c']],
    ['zzz', []],
    ['\n', ['a', 'b', 'c']],
  ])('begins behind %j', async (after, keys) => {
    await fill('a', 'b', 'c')
    const name = version['list-type'] ? 'start-after' : 'marker'
    expect((await page({ ...version, [name]: after })).keys).toEqual(keys)
  })

  it('says of each object what reading it says', async () => {
    await fill('told')
    const { text } = await ask(version)
    const { headers } = await wire.signed('HEAD', wire.path(wire.bucket, 'told'))
    const modified = new Date(elements(text, 'LastModified')[0]!)
    expect([elements(text, 'ETag')[0], elements(text, 'Size')[0], modified.toUTCString()]).toEqual([
      headers.etag,
      headers['content-length'],
      headers['last-modified'],
    ])
    expect(elements(text, 'StorageClass')).toEqual(['STANDARD'])
  })

  it('writes keys as in a URL where it is asked to', async () => {
    await fill('foo+1/bar', 'quux ab/thud', 'asdf+b')
    const query = { ...version, delimiter: '/', 'encoding-type': 'url' }
    expect(await page(query)).toEqual({ keys: ['asdf%2Bb'], folded: ['foo%2B1/', 'quux%20ab/'], more: false })
  })

  it('is for nobody who does not sign', async () => {
    const answer = await wire.raw('GET', `/${wire.bucket}?${new URLSearchParams(version)}`)
    expect([answer.status, answer.code]).toEqual([403, 'AccessDenied'])
  })
})

describe('a listing of version 2', () => {
  it('counts keys and what is folded', async () => {
    await fill('a', 'b/1', 'b/2', 'c')
    expect(elements((await ask({ 'list-type': '2', delimiter: '/' })).text, 'KeyCount')).toEqual(['3'])
  })

  it('goes on where its token says, whatever else is said', async () => {
    await fill('a', 'b', 'c', 'd')
    const first = await ask({ 'list-type': '2', 'max-keys': '1', 'start-after': 'a' })
    expect(elements(first.text, 'StartAfter')).toEqual(['a'])
    const [token] = elements(first.text, 'NextContinuationToken')
    const second = await ask({ 'list-type': '2', 'continuation-token': token!, 'start-after': 'a' })
    expect(elements(second.text, 'Key')).toEqual(['c', 'd'])
    expect(elements(second.text, 'ContinuationToken')).toEqual([token])
  })

  it('says whose objects are where it is asked to', async () => {
    await fill('owned')
    const owners = async (query: Query) => elements((await ask({ 'list-type': '2', ...query })).text, 'ID')
    expect(await owners({ 'fetch-owner': 'true' })).toEqual(['balcao'])
    expect(await owners({ 'fetch-owner': 'false' })).toEqual([])
    expect(await owners({})).toEqual([])
  })
})

describe('a listing of version 1', () => {
  it('always says whose objects are', async () => {
    await fill('owned')
    expect(elements((await ask({})).text, 'ID')).toEqual(['balcao'])
  })
})
