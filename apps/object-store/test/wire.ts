import { request as httpRequest, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Platform, Running } from '@balcao/platform'
import { encodePath, presign, signHeaders } from '@balcao/platform/aws'
import { startService, testPlatform } from '@balcao/testing'
import { LARGEST_IN_ROW } from '../src/domain/object.ts'
import { objectStore } from '../src/index.ts'

export interface Reply {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  readonly text: string
  /** The code of S3's error, if it is one. */
  readonly code: string | undefined
}

type Headers = Record<string, string>

export type Wire = Awaited<ReturnType<typeof openWire>>

/** A running store and ways to speak to it that no client library tidies up. */
export async function openWire(given: Parameters<typeof testPlatform>[1] = {}) {
  const platform: Platform = await testPlatform(objectStore, given)
  const running: Running = await startService(objectStore, platform)
  const { store, urls, region } = platform.config
  const signer = { ...store.keys, region, service: 's3' }
  const at = () => platform.clock.now()
  const path = (bucket: string, key: string) => `/${bucket}/${encodePath(key)}`

  const raw = (method: string, target: string, headers: Headers = {}, body?: Buffer | string): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const req = httpRequest({
        host: '127.0.0.1',
        port: platform.config.ports.objectStore,
        method,
        path: target,
        headers,
      })
      req.on('error', reject)
      req.on('response', async (res) => {
        const bytes = await buffer(res).catch(() => Buffer.alloc(0))
        const text = bytes.toString()
        const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1]
        resolve({ status: res.statusCode!, headers: res.headers, body: bytes, text, code })
      })
      req.end(body)
    })

  return {
    platform,
    bucket: store.mediaBucket,
    temp: store.tempBucket,
    raw,
    /** Signed in a header, as the owner of the key. @param target path and query, as on the wire */
    signed: (
      method: string,
      target: string,
      options: {
        headers?: Headers
        /** A function makes it once the request is signed, of its Authorization and its date. */
        body?: Buffer | string | ((authorization: string, date: string) => string)
        payloadHash?: string
      } = {},
    ) => {
      const [rawPath, rawQuery = ''] = target.split('?')
      const query = Object.fromEntries(
        rawQuery
          .split('&')
          .filter(Boolean)
          .map((pair) => pair.split('=').map(decodeURIComponent).concat('').slice(0, 2)),
      )
      const { body, headers = {}, payloadHash = 'UNSIGNED-PAYLOAD' } = options
      const length: Headers =
        body === undefined || typeof body === 'function' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
      const all = signHeaders(
        { method, origin: urls.objectStore, path: rawPath!, query, headers: { ...length, ...headers } },
        signer,
        { at: at(), payloadHash },
      )
      if (typeof body !== 'function') return raw(method, target, all, body)
      const made = body(all.authorization!, all['x-amz-date']!)
      return raw(method, target, { ...all, 'content-length': String(Buffer.byteLength(made)) }, made)
    },
    /** A signed URL's path and query. */
    sign: (
      method: string,
      key: string,
      options: { bucket?: string; headers?: Headers; query?: Headers; expiresIn?: number } = {},
    ) =>
      presign(
        { method, origin: urls.objectStore, path: path(options.bucket ?? store.mediaBucket, key), ...options },
        signer,
        { at: at(), expiresIn: options.expiresIn ?? 60 },
      ).slice(urls.objectStore.length),
    path,
    close: async () => {
      await running.close()
      await platform.close()
    },
  }
}

/** A body that is too large for a row: its object has a file. */
export const forFile = (text: string): string => text.padEnd(LARGEST_IN_ROW + 1, '.')

/** A log that keeps what is an error. */
export function logTo(kept: unknown[]): never {
  const nothing = () => undefined
  const log = { trace: nothing, debug: nothing, info: nothing, warn: nothing, fatal: nothing, level: 'error' }
  return { ...log, error: (...said: unknown[]) => void kept.push(said), child: () => logTo(kept) } as never
}
