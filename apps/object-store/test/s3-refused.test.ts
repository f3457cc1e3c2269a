import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWire, type Wire } from './wire.ts'

let wire: Wire
beforeAll(async () => {
  wire = await openWire()
  await wire.signed('PUT', wire.path(wire.bucket, 'k'), { body: 'there' })
})
afterAll(() => wire.close())

/** What S3 has and this store does not: said so, and nothing done. */
describe('what is not offered is refused as such', () => {
  const OF_BUCKETS = [
    'accelerate',
    'acl',
    'analytics',
    'cors',
    'encryption',
    'intelligent-tiering',
    'inventory',
    'lifecycle',
    'logging',
    'metrics',
    'notification',
    'object-lock',
    'ownershipControls',
    'policy',
    'policyStatus',
    'publicAccessBlock',
    'replication',
    'requestPayment',
    'tagging',
    'versions',
    'website',
  ]
  it.each(OF_BUCKETS)('of a bucket: %s', async (name) => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await wire.signed(method, `/${wire.bucket}?${name}`, method === 'PUT' ? { body: '<x/>' } : {})
      expect([answer.status, answer.code]).toEqual([501, 'NotImplemented'])
    }
  })

  it.each(['acl', 'legal-hold', 'retention', 'tagging', 'torrent', 'attributes', 'versionId=3', 'partNumber=1'])(
    'of an object: %s',
    async (name) => {
      for (const method of name === 'tagging' ? ['PUT', 'DELETE'] : ['GET', 'PUT', 'DELETE']) {
        const answer = await wire.signed(method, `${wire.path(wire.bucket, 'k')}?${name}`, {
          ...(method === 'PUT' ? { body: 'other bytes' } : {}),
        })
        expect([answer.status, answer.code]).toEqual([501, 'NotImplemented'])
      }
      expect((await wire.signed('GET', wire.path(wire.bucket, 'k'))).text).toBe('there')
    },
  )

  it.each([
    ['POST', '?restore'],
    ['POST', '?select&select-type=2'],
    ['PUT', '?append'],
  ])('of an object: %s %s', async (method, query) => {
    const answer = await wire.signed(method, `${wire.path(wire.bucket, 'k')}${query}`, { body: '<x/>' })
    expect([answer.status, answer.code]).toEqual([501, 'NotImplemented'])
  })

  it.each([
    'x-amz-server-side-encryption',
    'x-amz-server-side-encryption-customer-key',
    'x-amz-server-side-encryption-aws-kms-key-id',
    'x-amz-object-lock-mode',
    'x-amz-object-lock-legal-hold',
    'x-amz-tagging',
    'x-amz-website-redirect-location',
    'x-amz-grant-read',
    'x-amz-write-offset-bytes',
    'x-amz-expected-bucket-owner',
    'x-amz-if-match-size',
    'x-amz-mfa',
  ])('of a header: %s', async (name) => {
    for (const [method, query] of [
      ['PUT', ''],
      ['POST', '?uploads'],
      ['DELETE', ''],
    ]) {
      const answer = await wire.signed(method!, `${wire.path(wire.bucket, 'k')}${query}`, {
        headers: { [name]: 'x' },
        ...(method === 'PUT' ? { body: 'other bytes' } : {}),
      })
      expect([answer.status, answer.code]).toEqual([501, 'NotImplemented'])
    }
    expect((await wire.signed('GET', wire.path(wire.bucket, 'k'))).text).toBe('there')
  })

  it('of pages of buckets, and of forms that a browser posts', async () => {
    expect((await wire.signed('GET', '/?max-buckets=1')).code).toBe('NotImplemented')
    const headers = { 'content-type': 'multipart/form-data; boundary=x' }
    expect((await wire.raw('POST', `/${wire.bucket}`, headers, '--x--')).code).toBe('AccessDenied')
    expect((await wire.signed('POST', `/${wire.bucket}`, { headers, body: '--x--' })).code).toBe('NotImplemented')
  })
})

describe('who does not sign, or wrongly', () => {
  it.each([
    ['nothing', {}, 'AccessDenied'],
    ['an empty header', { authorization: '' }, 'AccessDenied'],
    ['a header of something else', { authorization: 'Basic eDp5' }, 'AuthorizationHeaderMalformed'],
    ['a header that says little', { authorization: 'AWS4-HMAC-SHA256 Credential=x' }, 'AuthorizationHeaderMalformed'],
  ] as [string, Record<string, string>, string][])('gets nothing with %s', async (_, headers, code) => {
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', `/${wire.bucket}`],
      ['GET', `/${wire.bucket}/k`],
      ['PUT', `/${wire.bucket}/k`],
      ['DELETE', `/${wire.bucket}/k`],
    ]) {
      const answer = await wire.raw(method!, path!, headers, method === 'PUT' ? 'x' : undefined)
      expect(answer.code).toBe(code)
    }
  })
})

describe('a request whose head is odd', () => {
  /** Sent as it stands, by nobody who knows better. */
  async function status(target: string, ...lines: string[]): Promise<number> {
    const { host } = new URL(wire.platform.config.urls.objectStore)
    const socket = connect(wire.platform.config.ports.objectStore, '127.0.0.1')
    const head = [`PUT ${target} HTTP/1.1`, `host: ${host}`, 'connection: close', ...lines, '']
    socket.write([...head, lines.length > 0 ? 'x' : ''].join('\r\n'))
    const answer = await text(socket)
    return Number(answer.split(' ')[1])
  }

  it.each([
    ['no length', [], 411],
    ['a length of nothing', ['content-length: '], 400],
    ['a negative length', ['content-length: -1'], 400],
    ['two lengths', ['content-length: 1', 'content-length: 2'], 400],
    ['another expectation', ['content-length: 1', 'expect: 200'], 417],
    ['a length and chunks', ['content-length: 1', 'transfer-encoding: chunked'], 400],
    ['no agent', ['content-length: 1'], 200],
  ])('of %s', async (_, lines, expected) => {
    expect(await status(wire.sign('PUT', 'odd'), ...lines)).toBe(expected)
  })
})
