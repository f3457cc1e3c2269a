import { readdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { ManualClock } from '@balcao/kernel'
import type { Platform } from '@balcao/platform'
import { testPlatform } from '@balcao/testing'
import { objectStore } from '../../src/index.ts'
import { handler } from '../../src/interfaces/handler.ts'
import { open } from '../../src/open.ts'
import { bare, Client, elements } from './client.ts'
import { printOf } from './model.ts'
import { Mortal, makeFilesMortal, mortalEvents, mortalSql } from './mortal.ts'
import type { Sight } from './settle.ts'

/** Seconds in which nothing is left of what a dead process had claimed. */
const MOURNING = 11
const HOLDING_FILES = ['objects', 'uploads', 'parts']

/** One process of the store. */
export interface Process {
  readonly life: Mortal
  readonly client: Client
  stop(): Promise<void>
}

/** A database and a disk, and the processes of the store that stand on them. */
export class World {
  readonly #running = new Set<Process>()

  private constructor(
    private readonly platform: Platform,
    readonly clock: ManualClock,
  ) {}

  static async open(): Promise<World> {
    makeFilesMortal()
    const clock = new ManualClock()
    return new World(await testPlatform(objectStore, { clock }), clock)
  }

  get buckets(): readonly [announced: string, other: string] {
    const { tempBucket, mediaBucket } = this.platform.config.store
    return [tempBucket, mediaBucket]
  }

  async start(): Promise<Process> {
    const { platform, clock } = this
    const life = new Mortal(() => clock.advance(MOURNING))
    const ground = {
      ...platform,
      sql: mortalSql(platform.sql, life),
      events: mortalEvents(platform.events, life),
    }
    const store = await life.run(() => open(ground))
    const answer = handler(ground, store)
    const server = createServer((req, res) => life.run(() => answer(req, res)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const process: Process = {
      life,
      client: new Client(platform, port, (leftAloneMs) => life.run(() => store.sweep.run(leftAloneMs))),
      stop: async () => {
        life.die()
        this.#running.delete(process)
        await new Promise((resolve) => {
          server.close(resolve)
          server.closeAllConnections()
        })
        await store.close()
      },
    }
    this.#running.add(process)
    return process
  }

  /** All that anybody can see. */
  async look({ client }: Process): Promise<Sight> {
    const seen: string[] = []
    for (const bucket of this.buckets) {
      const { text } = await client.send('GET', bucket, { query: { 'list-type': '2' } })
      for (const key of elements(text, 'Key')) {
        const { body, headers } = await client.send('GET', { bucket, key })
        const note = headers['x-amz-meta-note']
        seen.push(`object ${bucket}/${key} ${bare(headers.etag)} ${printOf(body)} ${note}`)
      }
      const uploads = (await client.send('GET', bucket, { query: { uploads: '' } })).text
      const keys = elements(uploads, 'Key')
      for (const [i, uploadId] of elements(uploads, 'UploadId').entries()) {
        const key = keys[i]!
        seen.push(`upload ${uploadId} of ${bucket}/${key}`)
        const { text } = await client.send('GET', { bucket, key }, { query: { uploadId } })
        const [etags, sizes] = [elements(text, 'ETag'), elements(text, 'Size')]
        for (const [j, number] of elements(text, 'PartNumber').entries())
          seen.push(`part ${uploadId} ${number} ${bare(etags[j])} ${sizes[j]}`)
      }
    }
    return [...seen, ...(await this.#told())].sort()
  }

  async #told(): Promise<string[]> {
    const rows = await this.platform.sql.query<{ payload: { key: string; etag: string } }>('select payload from outbox')
    return rows.map(({ payload }) => `told ${payload.key} ${payload.etag}`)
  }

  /** What no row needs and is there, or a row needs and is not there. To be asked after a sweep of all that could be
   *  swept, when nobody writes. */
  async leaks(): Promise<string[]> {
    const { sql } = this.platform
    const files = this.#files()
    const needed = new Map<string, string>()
    for (const table of HOLDING_FILES) {
      const rows = await sql.query<{ id: string }>(`select file_id as id from ${table} where file_id is not null`)
      for (const { id } of rows) needed.set(id, table)
    }
    const leaks = [...needed.keys()].filter((id) => !files.some(({ name }) => name === id)).map((id) => `no file ${id}`)
    for (const { name, parentPath } of files) {
      const of = needed.get(name)
      if (!of) leaks.push(`file ${name} of nobody`)
      if (of !== 'objects') continue
      if (parentPath.endsWith('unfinished')) leaks.push(`file ${name} of an object not in its place`)
      if (statSync(join(parentPath, name)).mode & 0o222) leaks.push(`file ${name} of an object may be written`)
    }
    for (const table of ['discarded', 'writing'])
      if ((await sql.query(`select from ${table}`)).length > 0) leaks.push(`rows in ${table}`)
    return leaks
  }

  /** Ends all processes and forgets everything. */
  async clear(): Promise<void> {
    for (const process of this.#running) await process.stop()
    const { sql } = this.platform
    for (const table of ['objects', 'uploads', 'discarded', 'writing', 'outbox']) await sql.run(`delete from ${table}`)
    for (const { name, parentPath } of this.#files()) rmSync(join(parentPath, name))
  }

  #files() {
    const dir = join(this.platform.config.dataDir, 'objects')
    return readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  }

  async close(): Promise<void> {
    await this.clear()
    await this.platform.close()
  }
}
