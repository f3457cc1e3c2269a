import type { IncomingMessage, ServerResponse } from 'node:http'
import { randomToken } from '@balcao/kernel'
import { type Ground, isLoopbackHost } from '@balcao/platform'
import { checkKey } from '../domain/names.ts'
import { MiB } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import type { Store } from '../open.ts'
import { authenticate, bucketOfHost, readTarget, splitTarget } from './authenticate.ts'
import { isWaiting } from './body.ts'
import type { Answer, Call } from './call.ts'
import { hoistedHeaders } from './hoisted-headers.ts'
import { chooseOperation } from './operations.ts'
import { policies } from './policies.ts'
import { s3Error } from './s3-error.ts'
import { DECLARATION, errorXml } from './xml.ts'

export const HEALTH = '/_health'
/** A refused body up to this size is read to its end, so that its sender sees the answer instead of a broken
 *  connection: the largest part that our own page sends, and some. */
const READ_OUT = 32 * MiB
const READ_OUT_MS = 10_000

/** Answers one request. Never throws. */
export function handler(ground: Ground, store: Store) {
  const applyPolicies = policies(ground.config)
  const { config, metrics, log, clock } = ground
  const { hostname } = new URL(config.urls.objectStore)
  const hosts = isLoopbackHost(hostname) ? [hostname, 'localhost'] : [hostname]

  const bucketIn = (req: IncomingMessage) => bucketOfHost(req.headers.host ?? '', hosts)
  /** Where the host names a bucket, it is a key. */
  const isHealth = (req: IncomingMessage) =>
    req.url === HEALTH && ['GET', 'HEAD'].includes(req.method ?? '') && bucketIn(req) === undefined

  async function perform(req: IncomingMessage, res: ServerResponse, requestId: string, named: (name: string) => void) {
    const signed = authenticate(req, config.store.keys, clock.now())
    const method = req.method ?? 'GET'
    const target = readTarget(req.url ?? '/', bucketIn(req))
    const sent = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]))
    const hoisted = signed.presigned ? hoistedHeaders(target.query, sent) : {}
    const headers: Call['headers'] = { ...sent, ...hoisted }
    const call: Call = {
      req,
      res,
      method,
      ...target,
      signed,
      headers,
      isSigned: (name) => signed.signedHeaders.has(name) || hoisted[name] !== undefined,
      requestId,
      header: (name) => headers[name],
    }
    const operation = chooseOperation(call)
    named(operation.name)
    if (call.bucket === '' && call.key !== '') throw refusal('InvalidBucketName')
    if (call.bucket !== '' && !operation.anyBucket) await store.buckets.check(call.bucket)
    checkKey(call.key)
    return operation.run(store, call)
  }

  /** What the client did wrong, or asked for and we do not have (501), is no error of ours. */
  function report(error: unknown, request: { requestId: string; operation: string }) {
    const { status } = s3Error(error)
    if (status === 500) log.error({ err: error, ...request }, 'the store could not do it')
    else if (status > 501) log.warn({ err: error, ...request }, 'the store is short of something')
  }

  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const started = performance.now()
    const requestId = randomToken(8).toUpperCase()
    let endpoint = 'Refused'
    try {
      const { preflight } = applyPolicies(req, res)
      res.setHeader('x-amz-request-id', requestId)
      let answer: Answer
      if (preflight) answer = { status: 204 }
      else if (isHealth(req)) answer = await health(store)
      else {
        try {
          answer = await perform(req, res, requestId, (name) => (endpoint = name))
        } catch (error) {
          const { code, status, message } = s3Error(error)
          await readOut(req, res)
          const body = DECLARATION + errorXml(code, message, splitTarget(req.url ?? '/').path, requestId)
          answer = { status, body, error }
        }
        if (answer.error !== undefined) report(answer.error, { requestId, operation: endpoint })
      }
      await send(req, res, answer)
    } catch (error) {
      // The client went away, or a file could not be read to its end: the answer cannot be mended any more.
      log.debug({ err: error, requestId, operation: endpoint }, 'an answer was cut off')
      res.destroy()
    }
    metrics.requests.inc({ method: req.method ?? '', endpoint: `s3:${endpoint}` })
    metrics.latency.observe(
      { method: req.method ?? '', endpoint: `s3:${endpoint}`, status: String(res.statusCode) },
      (performance.now() - started) / 1000,
    )
  }
}

async function health(store: Store): Promise<Answer> {
  const checks = await store.health()
  const [database, disk] = checks.map(({ status }) => (status === 'fulfilled' ? 'ok' : 'unavailable'))
  const status = database === 'ok' && disk === 'ok' ? 'ok' : 'unavailable'
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
  return { status: status === 'ok' ? 200 : 503, headers, body: JSON.stringify({ status, database, disk }) }
}

async function send(req: IncomingMessage, res: ServerResponse, { status, headers = {}, body }: Answer): Promise<void> {
  if (!res.headersSent) {
    res.statusCode = status
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) res.setHeader(name, value)
    if (typeof body === 'string' && body !== '' && !res.hasHeader('content-type'))
      res.setHeader('content-type', 'application/xml')
    // Nobody knows whether a body will come that was not asked for.
    if (isWaiting(req, res)) res.setHeader('connection', 'close')
  }
  if (typeof body === 'function') await body((piece) => written(res, piece)).then(() => res.end())
  else if (req.method === 'HEAD' || body === undefined) res.end()
  else res.end(body)
}

/** Writes to a client; resolves when the system has taken it. @throws Error when the client went away */
function written(res: ServerResponse, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    // Nobody tells of what waits in a response that is cut off.
    const gone = () => reject(new Error('The client went away.'))
    if (res.destroyed) return gone()
    res.once('close', gone)
    res.write(piece, (error) => {
      res.off('close', gone)
      if (error) reject(error)
      else resolve()
    })
  })
}

/** Reads what is left of a body that nobody wants. */
async function readOut(req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.complete || req.readableEnded || req.destroyed) return
  const size = Number(req.headers['content-length'] ?? 0)
  if (isWaiting(req, res)) return
  if (size > READ_OUT) {
    res.setHeader('connection', 'close')
    return
  }
  await new Promise<void>((resolve) => {
    let read = 0
    const timer = setTimeout(resolve, READ_OUT_MS)
    const done = () => {
      clearTimeout(timer)
      resolve()
    }
    req.on('data', (chunk: Buffer) => {
      read += chunk.length
      if (read > READ_OUT) done()
    })
    req.once('close', done).once('end', done).once('error', done)
    req.resume()
  })
  if (!req.complete && !res.headersSent) res.setHeader('connection', 'close')
}
