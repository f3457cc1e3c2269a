import { type ChildProcess, spawn } from 'node:child_process'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { systemClock as clock } from '@balcao/kernel'
import { ChunkSignatures, signHeaders } from '@balcao/platform/aws'
import { createTestDatabase, testConfig, until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MiB } from '../src/domain/object.ts'
import { Client, elements, pathOf } from './model/client.ts'

const KiB = 1024
const SENDERS = 300
/** What each says that it will send, and what it has sent when it stalls. */
const [SIZE, SENT] = [MiB, 900 * KiB]

// As application/body-receiver.ts has it: all bodies together may keep ROOM. Beyond that each has one small batch that is
// being written and one that fills, and a batch ends with whatever a socket brings at once.
const [ROOM, SMALL_BATCH, FROM_SOCKET] = [64 * MiB, 128 * KiB, 64 * KiB]
const MOST = ROOM + SENDERS * 2 * (SMALL_BATCH + FROM_SOCKET)

// Linux alone tells how much memory another process had at most.
describe.skipIf(process.platform !== 'linux')('a store to which hundreds send, and stall', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let installation: Awaited<ReturnType<typeof testConfig>>
  let client: Client
  let store: ChildProcess
  let output = ''
  const leave = new AbortController()

  beforeAll(async () => {
    database = await createTestDatabase()
    installation = await testConfig(database.url)
    const { config } = installation
    client = new Client({ config, clock }, config.ports.objectStore)
    const [code] = await once(start('migrate'), 'exit')
    if (code !== 0) throw new Error(output)
    store = start('http')
    await until(() => {
      if (store.exitCode !== null) throw new Error(output)
      return output.includes('Balcão is ready')
    }, 60)
  }, 120_000)
  afterAll(async () => {
    leave.abort()
    if (store?.kill('SIGKILL')) await once(store, 'exit')
    await database?.drop()
    await installation?.remove()
  })

  /** The store as a process of its own, as people start it. */
  function start(role: 'migrate' | 'http'): ChildProcess {
    const { PATH, HOME, TMPDIR } = process.env
    const { dataDir, ports } = installation.config
    const given = { DATA_DIR: dataDir, DATABASE_URL: database.url, OBJECT_STORE_PORT: String(ports.objectStore) }
    const child = spawn(process.execPath, ['scripts/start.ts'], {
      cwd: join(import.meta.dirname, '../../..'),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, HOME, TMPDIR, SERVICES: 'object-store', ROLE: role, LOG_LEVEL: 'warn', ...given },
    })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    return child
  }

  const at = (key: string) => ({ bucket: installation.config.store.mediaBucket, key })

  /** Somebody who has said what will come and sends it as they are told. */
  function sender(key: string, { query = {}, chunked = false }: { query?: Record<string, string>; chunked?: boolean }) {
    const { store, urls, region, ports } = installation.config
    const signer = { ...store.keys, region, service: 's3' }
    const body = Buffer.alloc(SIZE, key)
    const length = String(chunked ? `${chunkLine(SIZE)}\r\n${chunkLine(0)}\r\n`.length + SIZE : SIZE)
    const decoded = chunked ? { 'x-amz-decoded-content-length': String(SIZE) } : undefined
    const path = pathOf(at(key))
    const headers = signHeaders(
      { method: 'PUT', origin: urls.objectStore, path, query, headers: { 'content-length': length, ...decoded } },
      signer,
      { at: clock.now(), payloadHash: chunked ? 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' : 'UNSIGNED-PAYLOAD' },
    )
    const seed = /Signature=(\w+)/.exec(headers.authorization!)![1]!
    const signatures = new ChunkSignatures(headers['x-amz-date']!, signer, seed)
    const line = (bytes: Buffer) => chunkLine(bytes.length, signatures.chunk(hash('sha256', bytes)))

    const target = `${path}?${new URLSearchParams(query)}`
    const where = { host: '127.0.0.1', port: ports.objectStore, agent: false, signal: leave.signal }
    const req = request({ ...where, method: 'PUT', path: target, headers })
    req.flushHeaders()
    return {
      status: new Promise((resolve) => {
        req.on('response', (res) => resolve(res.resume().statusCode))
        req.on('error', resolve)
      }),
      begin: () => {
        if (chunked) req.write(line(body))
        req.write(body.subarray(0, SENT))
      },
      finish: () => {
        req.write(body.subarray(SENT))
        req.end(chunked ? `\r\n${line(Buffer.alloc(0))}\r\n` : undefined)
      },
    }
  }

  /** Bytes that the store has received of each body that is not whole. */
  async function received(): Promise<number[]> {
    const dir = join(installation.config.dataDir, 'objects', 'unfinished')
    return Promise.all((await readdir(dir)).map(async (name) => (await stat(join(dir, name))).size))
  }

  /** Bytes that the store has had in memory at once, at most. */
  async function mostMemory(): Promise<number> {
    const status = await readFile(`/proc/${store.pid}/status`, 'utf8')
    return KiB * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1])
  }

  it('has them on disk and little in memory, and serves others', { timeout: 180_000 }, async () => {
    // What a first large body needs stays: the thread that hashes.
    await client.send('PUT', at('first'), { body: Buffer.alloc(4 * MiB) })
    const { text } = await client.send('POST', at('parts'), { query: { uploads: '' } })
    const [uploadId = ''] = elements(text, 'UploadId')
    const senders = Array.from({ length: SENDERS / 3 }, (_, i) => [
      sender(`plain ${i}`, {}),
      sender(`chunked ${i}`, { chunked: true }),
      sender('parts', { query: { uploadId, partNumber: String(i + 1) } }),
    ]).flat()
    // Connections are memory too; bodies are what is measured.
    await until(async () => (await received()).length === SENDERS, 60)
    const before = await mostMemory()

    for (const { begin } of senders) begin()
    await until(async () => (await received()).every((size) => size === SENT), 60)
    expect((await mostMemory()) - before).toBeLessThanOrEqual(MOST)

    expect((await client.send('PUT', at('small'), { body: 'of somebody else' })).code).toBe('ok')
    expect((await client.send('GET', at('small'))).body.toString()).toBe('of somebody else')
    expect(await received()).toEqual(Array(SENDERS).fill(SENT))
    for (const { finish } of senders.slice(0, 3)) finish()
    expect(await Promise.all(senders.slice(0, 3).map(({ status }) => status))).toEqual([200, 200, 200])
  })
})

/** What stands before a chunk of S3's own. */
const chunkLine = (size: number, signature = '0'.repeat(64)) => `${size.toString(16)};chunk-signature=${signature}\r\n`
