import { createServer, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { currentTraceparent, span, withTraceparent } from './span.ts'
import { startTracing } from './tracing.ts'

const CALLER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

interface Exported {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  status: { code?: number; message?: string }
  attributes: { key: string; value: unknown }[]
}

describe('tracing', () => {
  let server: Server
  let endpoint: string
  let exported: Exported[]

  beforeEach(async () => {
    exported = []
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      if (request.url === '/v1/traces') {
        const body = JSON.parse(Buffer.concat(chunks).toString())
        for (const resource of body.resourceSpans)
          for (const scope of resource.scopeSpans) exported.push(...scope.spans)
      }
      response.setHeader('content-type', 'application/json').end('{}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    endpoint = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  it('D2-30: sends spans with their parents, across a message that carried the context', async () => {
    const tracing = startTracing(endpoint, 'test')
    let carried: string | undefined
    await withTraceparent(CALLER, () =>
      span('request', { route: '/videos' }, async () => {
        carried = currentTraceparent()
      }),
    )
    await withTraceparent(carried, () => span('job', {}, async () => undefined))
    await tracing.close()
    const [request, job] = exported
    expect(request).toMatchObject({
      name: 'request',
      traceId: CALLER.split('-')[1],
      parentSpanId: CALLER.split('-')[2],
    })
    expect(request!.attributes).toEqual([{ key: 'route', value: { stringValue: '/videos' } }])
    expect(job).toMatchObject({ name: 'job', traceId: request!.traceId, parentSpanId: request!.spanId })
  })

  it('keeps traces apart that run at the same time', async () => {
    const tracing = startTracing(endpoint, 'test')
    const traces = await Promise.all(
      Array.from({ length: 5 }, () =>
        withTraceparent(undefined, () =>
          span('outer', {}, async () => {
            await new Promise((resolve) => setImmediate(resolve))
            return currentTraceparent()!.split('-')[1]
          }),
        ),
      ),
    )
    await tracing.close()
    expect(new Set(traces).size).toBe(5)
  })

  it('marks a span that failed, without the message, and lets the error through', async () => {
    const tracing = startTracing(endpoint, 'test')
    const failing = span('job', {}, async () => {
      throw new TypeError('ana@example.com')
    })
    await expect(failing).rejects.toThrow('ana@example.com')
    await tracing.close()
    expect(exported[0]!.status).toEqual({ code: 2, message: 'TypeError' })
    expect(JSON.stringify(exported)).not.toContain('ana@')
  })

  it.each(['', 'nonsense', '00-00000000000000000000000000000000-b7ad6b7169203331-01', `${CALLER}-x`])(
    'begins a new trace where the caller sent %j',
    async (header) => {
      const tracing = startTracing(endpoint, 'test')
      await withTraceparent(header, () => span('request', {}, async () => undefined))
      await tracing.close()
      expect(exported[0]!.parentSpanId ?? '').toBe('')
      expect(exported[0]!.traceId).not.toBe(CALLER.split('-')[1])
    },
  )

  it('does nothing but the work where no collector is named', async () => {
    const tracing = startTracing(undefined, 'test')
    const seen = await withTraceparent(CALLER, () => span('request', {}, async () => currentTraceparent()))
    await tracing.close()
    expect(seen).toBeUndefined()
  })

  it('lets a process end whose collector is away', async () => {
    const tracing = startTracing('http://127.0.0.1:9', 'test')
    await span('request', {}, async () => undefined)
    await tracing.close()
  })
})
