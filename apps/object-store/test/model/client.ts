import { request as httpRequest } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Platform } from '@balcao/platform'
import { encodePath, signHeaders } from '@balcao/platform/aws'
import type { Name } from './model.ts'

export interface Reply {
  /** `ok`, S3's code of what it refused, or `cut` where no answer came to its end. */
  readonly code: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
  readonly text: string
}

export interface Request {
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: Buffer | string
}

/** Somebody who uses the store over its protocol, whichever process answers. */
export class Client {
  constructor(
    private readonly platform: Pick<Platform, 'config' | 'clock'>,
    private readonly port: number,
    /** Sweeping is nothing that one can ask for over the protocol. */
    readonly sweep: (leftAloneMs?: number) => Promise<unknown> = () => Promise.reject(new Error('Nobody sweeps.')),
  ) {}

  send(method: string, at: Name | string, { query = {}, headers = {}, body }: Request = {}): Promise<Reply> {
    const { store, urls, region } = this.platform.config
    const path = typeof at === 'string' ? `/${at}` : pathOf(at)
    const length = body === undefined ? undefined : String(Buffer.byteLength(body))
    const given = Object.entries({ 'content-length': length, ...headers }).filter(([, value]) => value !== undefined)
    const signed = signHeaders(
      { method, origin: urls.objectStore, path, query, headers: Object.fromEntries(given) as Record<string, string> },
      { ...store.keys, region, service: 's3' },
      { at: this.platform.clock.now(), payloadHash: 'UNSIGNED-PAYLOAD' },
    )
    const search = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    const target = search.length > 0 ? `${path}?${search.join('&')}` : path
    return new Promise((resolve) => {
      const cut = () => resolve({ code: 'cut', headers: {}, body: Buffer.alloc(0), text: '' })
      const req = httpRequest({ host: '127.0.0.1', port: this.port, method, path: target, headers: signed })
      req.on('error', cut)
      req.on('response', async (res) => {
        const bytes = await buffer(res).catch(() => undefined)
        if (!bytes) return cut()
        const text = isXml(res.headers['content-type']) ? bytes.toString() : ''
        const code = /<Error>.*?<Code>(\w+)<\/Code>/s.exec(text.includes('<DeleteResult') ? '' : text)?.[1]
        resolve({
          code: code ?? (res.statusCode! < 300 ? 'ok' : String(res.statusCode)),
          headers: res.headers,
          body: bytes,
          text,
        })
      })
      req.end(body)
    })
  }
}

export const pathOf = ({ bucket, key }: Name) => `/${bucket}/${encodePath(key)}`

const isXml = (type: string | undefined) => type === 'application/xml'

/** What stands in all elements of that name. */
export const elements = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, value]) =>
    value!.replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  )

export const bare = (etag: unknown): string | undefined =>
  typeof etag === 'string' ? etag.replaceAll('"', '') : undefined
