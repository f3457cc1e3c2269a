import { AsyncLocalStorage } from 'node:async_hooks'
import type { Sql } from '@balcao/platform'
import { migrate, PgSql } from '@balcao/platform/adapters'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from './test-platform.ts'
import { until } from './until.ts'

/** What every PostgreSQL that we run on must do for Sql: run over the embedded one and over older servers. */
export function sqlContract(name: string) {
  describe(`Sql on ${name}`, () => {
    let sql: Sql
    let url: string
    let drop: () => Promise<void>

    beforeAll(async () => {
      ;({ url, drop } = await createTestDatabase())
      await migrate(url, 'shop', {
        '0001_items': 'create table items (id int primary key, price bigint, at timestamptz)',
      })
      sql = new PgSql({ url, schema: 'shop', connections: 4, log: pino({ level: 'silent' }) })
    })
    afterAll(async () => {
      await sql.close()
      await drop()
    })

    const ids = async () => (await sql.query<{ id: number }>('select id from items order by id')).map(({ id }) => id)

    it('keeps every digit of a bigint and every instant of a time', async () => {
      const at = new Date('2026-02-03T04:05:06.789Z')
      await sql.run('insert into items values (1, $1, $2)', [9007199254740993n, at])
      expect(await sql.first('select price, at from items where id = 1')).toEqual({ price: 9007199254740993n, at })
      await sql.run('delete from items')
    })

    it('looks up by a statement that is planned once, in a transaction and outside', async () => {
      const lookUp = (id: number) => sql.lookUp<{ id: number }>('select id from items where id = $1', [id])
      await sql.run('insert into items (id) values (90)')
      await sql.transaction(async () => {
        await sql.run('insert into items (id) values (91)')
        expect(await lookUp(91)).toEqual({ id: 91 })
      })
      const found = await Promise.all(Array.from({ length: 30 }, (_, i) => lookUp(90 + (i % 3))))
      expect(found).toEqual(Array.from({ length: 30 }, (_, i) => (i % 3 === 2 ? undefined : { id: 90 + (i % 3) })))
      await sql.run('delete from items')
    })

    it('keeps nothing of a transaction that throws, also when part of it was nested', async () => {
      const attempt = sql.transaction(async () => {
        await sql.run('insert into items (id) values (2)')
        await sql.transaction(() => sql.run('insert into items (id) values (3)'))
        throw new Error('changed my mind')
      })
      await expect(attempt).rejects.toThrow('changed my mind')
      expect(await ids()).toEqual([])
    })

    it('fails a transaction in which a failure was passed over, as nothing of it is kept', async () => {
      const attempt = sql.transaction(async () => {
        await sql.run('insert into items (id) values (4)')
        await sql.run('insert into nowhere values (1)').catch(() => undefined)
      })
      await expect(attempt).rejects.toThrow('nothing of it was kept')
      expect(await ids()).toEqual([])
    })

    it('fails a transaction whose connection breaks between two statements, and nothing else', async () => {
      const outside = AsyncLocalStorage.snapshot()
      const attempt = sql.transaction(async () => {
        await sql.run('insert into items (id) values (7)')
        const { pid } = (await sql.first<{ pid: number }>('select pg_backend_pid() as pid'))!
        await outside(() => sql.first('select pg_terminate_backend($1, 10000)', [pid]))
        await sql.run('insert into items (id) values (8)')
      })
      await expect(attempt).rejects.toThrow()
      expect(await ids()).toEqual([])
      await sql.transaction(() => sql.run('insert into items (id) values (9)'))
      expect(await ids()).toEqual([9])
      await sql.run('delete from items')
    })

    it('keeps the transactions of two callers apart', async () => {
      const left = sql.transaction(() => sql.run('insert into items (id) values (4)'))
      const right = sql.transaction(async () => {
        await sql.run('insert into items (id) values (5)')
        throw new Error('only mine')
      })
      await Promise.allSettled([left, right])
      expect(await ids()).toEqual([4])
      await sql.run('delete from items')
    })

    it('runs afterCommit only once there is something to see', async () => {
      const seen: number[][] = []
      await sql.transaction(async () => {
        await sql.run('insert into items (id) values (6)')
        sql.afterCommit(() => void ids().then((now) => seen.push(now)))
        expect(seen).toEqual([])
      })
      await until(() => seen.length > 0)
      expect(seen).toEqual([[6]])
      await sql.run('delete from items')
    })

    it('hears a notification only when its transaction commits', async () => {
      const heard: string[] = []
      const subscription = await sql.listen('news', (payload) => heard.push(payload))
      await sql
        .transaction(async () => {
          await sql.query(`select pg_notify('news', 'rolled back')`)
          throw new Error('no news')
        })
        .catch(() => undefined)
      await sql.query(`select pg_notify('news', 'committed')`)
      await until(() => heard.length > 0)
      expect(heard).toEqual(['committed'])
      await subscription.close()
    })

    it('listens again after its connection was cut, and says that it may have missed something', async () => {
      const heard: string[] = []
      let gaps = 0
      const subscription = await sql.listen(
        'news',
        (payload) => heard.push(payload),
        () => void gaps++,
      )
      await sql.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'balcao-listen' and datname = current_database()`,
      )
      await until(() => gaps === 1)
      await sql.query(`select pg_notify('news', 'still here')`)
      await until(() => heard.includes('still here'))
      await subscription.close()
    })

    it('keeps one connection for listening, also where that is cut while it comes back', async () => {
      let gaps = 0
      const subscription = await sql.listen(
        'news',
        () => undefined,
        () => void gaps++,
      )
      const cut = () =>
        sql.query<{ pid: number }>(
          `select pid, pg_terminate_backend(pid) from pg_stat_activity
           where application_name = 'balcao-listen' and datname = current_database()`,
        )
      let cuts = 0
      await until(async () => {
        cuts += (await cut()).length
        return cuts >= 5
      })
      const before = gaps
      await cut()
      await until(() => gaps > before)
      await until(async () => {
        const there = await sql.query(
          `select pid from pg_stat_activity where application_name = 'balcao-listen' and datname = current_database()`,
        )
        return there.length === 1
      })
      await subscription.close()
    })

    it('applies each migration once, whoever starts together', async () => {
      const migrations = {
        '0001_a': 'create table a (n int); insert into a values (1)',
        '0002_b': 'insert into a values (2)',
      }
      await Promise.all([
        migrate(url, 'twice', migrations),
        migrate(url, 'twice', migrations),
        migrate(url, 'twice', migrations),
      ])
      expect(await sql.query('select n from twice.a order by n')).toEqual([{ n: 1 }, { n: 2 }])
    })

    it('names the migration that cannot be applied and leaves nothing of it', async () => {
      const broken = { '0001_good': 'create table good ()', '0002_bad': 'create table half (); select nonsense' }
      await expect(migrate(url, 'broken', broken)).rejects.toThrow('broken/0002_bad')
      expect(await sql.query(`select name from broken.migrations`)).toEqual([{ name: '0001_good' }])
      expect(await sql.first(`select to_regclass('broken.half') as half`)).toEqual({ half: null })
    })
  })
}
