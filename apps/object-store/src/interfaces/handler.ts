import type { IncomingMessage, ServerResponse } from 'node:http'
import { randomToken } from '@balcao/kernel'
import { type Ground, isLoopbackHost } from '@balcao/platform'
import { checkKey } from '../domain/names.ts'
import { refusal } from '../domain/refusal.ts'
import type { Store } from '../open.ts'
import { authenticate, bucketOfHost, readTarget, splitTarget } from './authenticate.ts'
import type { Answer, Call } from './call.ts'
import { HEALTH, health } from './health.ts'
import { hoistedHeaders } from './hoisted-headers.ts'
import { chooseOperation } from './operations.ts'
import { policies } from './policies.ts'
import { readOut } from './read-out.ts'
import { ClientGone, send } from './respond.ts'
import { s3Error } from './s3-error.ts'
import { DECLARATION, errorXml } from './xml.ts'

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
      // A header that cannot be written, say, keeps its body from being sent.
      await send(req, res, answer).finally(() => answer.close?.())
    } catch (error) {
      // The answer has begun, and cannot be mended any more.
      const level = error instanceof ClientGone ? 'debug' : 'error'
      log[level]({ err: error, requestId, operation: endpoint }, 'an answer was cut off')
      res.destroy()
    }
    metrics.requests.inc({ method: req.method ?? '', endpoint: `s3:${endpoint}` })
    metrics.latency.observe(
      { method: req.method ?? '', endpoint: `s3:${endpoint}`, status: String(res.statusCode) },
      (performance.now() - started) / 1000,
    )
  }
}
