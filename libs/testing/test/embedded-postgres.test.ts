import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@balcao/platform/open'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

describe('the embedded PostgreSQL', () => {
  let base: string
  const running: EmbeddedPostgres[] = []
  const start = async (dir: string) => {
    const postgres = await startEmbeddedPostgres({ dir })
    running.push(postgres)
    return postgres
  }
  const query = async (url: string, text: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      return (await client.query(text)).rows
    } finally {
      await client.end()
    }
  }

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'balcao-pg-'))
  })
  afterEach(async () => {
    for (const postgres of running.splice(0)) await postgres.stop()
    await rm(base, { recursive: true, force: true })
  })

  it('starts below a path that is too long for a socket', async () => {
    const postgres = await start(join(base, 'a-folder-with-a-rather-long-name'.repeat(4), 'data'))
    expect(await query(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('sorts names as Brazilians do where it is asked to', async () => {
    const postgres = await start(base)
    const rows = await query(
      postgres.url,
      `select n from unnest(array['zebra','água','Árvore','bola']) n order by n collate "pt-BR-x-icu"`,
    )
    expect(rows.map(({ n }) => n)).toEqual(['água', 'Árvore', 'bola', 'zebra'])
  })

  it('keeps what was committed when the server is killed', async () => {
    const first = await start(base)
    await query(first.url, 'create table kept as select 42 as answer')
    process.kill(Number.parseInt(await readFile(join(base, 'postgres', 'postmaster.pid'), 'utf8'), 10), 'SIGKILL')
    await first.ended
    const second = await start(base)
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  it('takes over a server that still runs', async () => {
    const first = await start(base)
    const second = await startEmbeddedPostgres({ dir: base })
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await second.stop()
    await first.ended
  })

  it('says what to do when the cluster cannot be read', async () => {
    await mkdir(join(base, 'postgres'), { mode: 0o700 })
    await writeFile(join(base, 'postgres', 'PG_VERSION'), '9.6\n')
    await expect(startEmbeddedPostgres({ dir: base })).rejects.toMatchObject({
      code: 'postgres/cannot_start',
      message: expect.stringContaining('DATABASE_URL'),
    })
  })
})
