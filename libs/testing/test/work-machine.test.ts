import { ManualClock } from '@balcao/kernel'
import { type Attempt, rowOf, type Sql, Superseded, text, WorkMachine } from '@balcao/platform'
import { testSchemas } from '@balcao/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const LEASE = 20
const clock = new ManualClock()
const nothing = async () => undefined

let bakery: Awaited<ReturnType<typeof testSchemas>>
let sql: Sql
let work: WorkMachine<{ ovenId: string }>

beforeAll(async () => {
  bakery = await testSchemas('bakery')
  sql = bakery.sqls[0]!
  await sql.query(`
    create table ovens (id text primary key, closed boolean not null default false, used int not null default 0);
    create table bakes (
      id text primary key, oven_id text not null references ovens on delete cascade, owner text not null,
      lane text not null, state text not null, attempt int not null default 0, failures int not null default 0,
      deaths int not null default 0,
      lease_until timestamptz, ready_at timestamptz not null, percent double precision not null default 0,
      eta_seconds double precision, updated_at timestamptz not null)`)
  work = new WorkMachine(sql, clock, {
    table: 'bakes',
    row: rowOf<{ ovenId: string }>()({ ovenId: text() }),
    above: { table: 'ovens', key: 'oven_id', claimable: 'not above.closed' },
    leaseSeconds: LEASE,
    maxDeaths: 3,
    lanes: { quick: {}, slow: { perOwner: 2 } },
  })
})
beforeEach(() => sql.query('delete from ovens'))
afterAll(() => bakery.close())

async function bake(id: string, { owner = 'ana', lane = 'quick', oven = `oven-${id}` } = {}): Promise<string> {
  await sql.run('insert into ovens (id) values ($1) on conflict do nothing', [oven])
  await sql.run(
    `insert into bakes (id, oven_id, owner, lane, state, ready_at, updated_at) values ($1, $2, $3, $4, 'waiting', $5, $5)`,
    [id, oven, owner, lane, clock.now()],
  )
  return id
}
const row = (id: string) => sql.first<Record<string, unknown>>('select * from bakes where id = $1', [id])
const claimed = async (id: string) => (await work.claim(id))!

describe('a claim', () => {
  it('D3-04: is won by one of many who ask at the same time', async () => {
    await bake('one')
    const claims = await Promise.all(Array.from({ length: 8 }, () => work.claim('one')))
    expect(claims.filter(Boolean)).toEqual([{ id: 'one', owner: 'ana', number: 1, failures: 0, ovenId: 'oven-one' }])
  })

  it('takes what belongs to it along, or is not made', async () => {
    await bake('with')
    const broken = async () => {
      await sql.run(`update ovens set used = used + 1 where id = 'oven-with'`)
      throw new Error('the oven broke')
    }
    await expect(work.claim('with', broken)).rejects.toThrow('the oven broke')
    expect([(await row('with'))!.state, await sql.first('select used from ovens')]).toEqual(['waiting', { used: 0 }])
  })

  it('is not for a job that hangs on something which does not want it', async () => {
    await bake('shut')
    await sql.run('update ovens set closed = true')
    expect([await work.claim('shut'), await work.claimNext('quick'), await work.claim('unknown')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('waits for the lease of a living worker and takes over from a dead one', async () => {
    await bake('held')
    const dead = await claimed('held')
    clock.advance(LEASE - 1)
    expect(await work.claim('held')).toBeUndefined()
    expect(await work.beat(dead)).toBe(true)
    clock.advance(LEASE - 1)
    expect(await work.claim('held')).toBeUndefined()
    clock.advance(2)
    expect(await work.claim('held')).toMatchObject({ number: 2 })
  })
})

describe('the next job of a lane', () => {
  it('is the one that waits longest, of the owner who has the fewest running', async () => {
    for (const id of ['a1', 'a2', 'a3']) {
      await bake(id)
      clock.advance(1)
    }
    await bake('b1', { owner: 'bia' })
    const order = []
    for (let n = 0; n < 4; n++) order.push((await work.claimNext('quick'))!.id)
    expect(order).toEqual(['a1', 'b1', 'a2', 'a3'])
    expect(await work.claimNext('quick')).toBeUndefined()
  })

  it('leaves an owner who has enough running for later, also when many ask at once', async () => {
    for (let n = 0; n < 6; n++) await bake(`mine-${n}`, { lane: 'slow' })
    await bake('yours', { owner: 'bia', lane: 'slow' })
    const taken = (await Promise.all(Array.from({ length: 10 }, () => work.claimNext('slow')))).filter(Boolean)
    expect(taken.map((attempt) => attempt!.owner).sort()).toEqual(['ana', 'ana', 'bia'])
    await work.finish(taken.find((attempt) => attempt!.owner === 'ana')!, nothing)
    expect(await work.claimNext('slow')).toMatchObject({ owner: 'ana' })
  })

  it('is of that lane, and not one that was put off', async () => {
    await bake('elsewhere', { lane: 'slow' })
    await bake('later')
    const attempt = await claimed('later')
    await work.handBack(attempt, true, nothing)
    expect(await work.claimNext('quick')).toBeUndefined()
    clock.advance(31)
    expect(await work.claimNext('quick')).toMatchObject({ id: 'later', failures: 1 })
  })

  it('passes over one whose oven somebody holds, instead of waiting for it', async () => {
    await bake('locked')
    await bake('free')
    const holding = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    const other = sql.transaction(async () => {
      await sql.first(`select 1 from ovens where id = 'oven-locked' for update`)
      held.resolve()
      await holding.promise
    })
    await held.promise
    expect(await work.claimNext('quick')).toMatchObject({ id: 'free' })
    holding.resolve()
    await other
  })
})

describe('an attempt', () => {
  it('shows how far it is', async () => {
    await bake('shown')
    const attempt = await claimed('shown')
    expect(await work.progress(attempt, 140, 7)).toBe(true)
    expect(await row('shown')).toMatchObject({ percent: 100, eta_seconds: 7 })
    await work.progress(attempt, 40, undefined)
    expect(await row('shown')).toMatchObject({ percent: 40, eta_seconds: null })
  })

  it('that was superseded changes nothing: a worker that came back from the dead', async () => {
    await bake('zombie')
    const dead = await claimed('zombie')
    clock.advance(LEASE + 1)
    const alive = await claimed('zombie')
    const before = await row('zombie')
    let touched = 0
    const touch = async () => void touched++
    for (const write of [
      () => work.fenced(dead, touch),
      () => work.finish(dead, touch),
      () => work.handBack(dead, true, touch),
      () => work.giveUp(dead, touch),
    ]) {
      await expect(write()).rejects.toThrow(Superseded)
    }
    expect([await work.beat(dead), await work.progress(dead, 90, 1), touched]).toEqual([false, false, 0])
    expect(await row('zombie')).toEqual(before)
    await work.finish(alive, touch)
    expect([(await row('zombie'))!.state, touched]).toEqual(['done', 1])
  })

  it('ends together with what belongs to its end, or not at all', async () => {
    await bake('whole')
    const attempt = await claimed('whole')
    const broken = () => Promise.reject(new Error('no flour'))
    await expect(work.finish(attempt, broken)).rejects.toThrow('no flour')
    expect((await row('whole'))!.state).toBe('running')
    await work.finish(attempt, () => sql.run(`update ovens set used = 1`))
    expect(await row('whole')).toMatchObject({ state: 'done', percent: 100, lease_until: null })
    await expect(work.finish(attempt, nothing)).rejects.toThrow(Superseded)
  })

  it('that is handed back counts as a failure only if it is one', async () => {
    await bake('back')
    await work.handBack(await claimed('back'), false, nothing)
    await work.handBack(await claimed('back'), true, nothing)
    expect(await claimed('back')).toMatchObject({ number: 3, failures: 1 })
  })

  it('loses its lease when the job is taken over, and whoever holds it is told', async () => {
    await bake('lost')
    const fast = new WorkMachine(sql, clock, {
      table: 'bakes',
      leaseSeconds: 0.2,
      maxDeaths: 3,
      lanes: {},
    })
    const lease = fast.hold(await claimed('lost'))
    const lost = new Promise((resolve) => lease.signal.addEventListener('abort', resolve))
    await work.cancel('lost')
    await lost
    lease.stop()
    expect(lease.signal.reason).toBeInstanceOf(Superseded)
  })
})

describe('a job', () => {
  it('is cancelled while it waits or runs, and not after its end', async () => {
    await bake('waits')
    await bake('runs')
    const attempt = await claimed('runs')
    expect([await work.cancel('waits'), await work.cancel('runs'), await work.cancel('runs')]).toEqual([
      true,
      true,
      false,
    ])
    expect(await work.claim('waits')).toBeUndefined()
    await expect(work.finish(attempt, nothing)).rejects.toThrow(Superseded)
  })

  it('is told to its worker at once when it is cancelled or interrupted, long before a beat', async () => {
    const patient = new WorkMachine(bakery.sqls[1] ?? sql, clock, {
      table: 'bakes',
      leaseSeconds: 24 * 3600,
      maxDeaths: 3,
      lanes: { quick: {} },
    })
    for (const id of ['cancelled', 'interrupted']) {
      const lease = patient.hold((await patient.claim(await bake(id)))!)
      const lost = new Promise((resolve) => lease.signal.addEventListener('abort', resolve))
      if (id === 'cancelled') await work.cancel(id)
      else expect(await work.interrupt(id)).toBe(true)
      await lost
      lease.stop()
    }
    expect(await row('interrupted')).toMatchObject({ state: 'waiting', attempt: 1, lease_until: null })
    expect(await work.interrupt('interrupted')).toBe(false)
  })

  it('is done again from the start once it failed or was cancelled, and not while it runs', async () => {
    await bake('again')
    const first = await claimed('again')
    expect(await work.redrive('again')).toBe(false)
    await work.handBack(first, true, nothing)
    await work.giveUp(await claimed('again'), nothing)
    expect(await work.claim('again')).toBeUndefined()
    expect(await work.redrive('again')).toBe(true)
    expect(await claimed('again')).toMatchObject({ number: 3, failures: 0 })
    await work.cancel('again')
    expect(await work.redrive('again')).toBe(true)
  })
})

describe('the sweep', () => {
  const recovered = async (pageSize?: number) => {
    const seen: [string, string][] = []
    const note = (state: string) => async (attempt: Attempt) => void seen.push([attempt.id, state])
    await work.recover({ waiting: note('waiting'), failed: note('failed') }, pageSize)
    return seen.sort()
  }

  it('takes jobs from dead workers, and gives up what killed too many of them', async () => {
    await bake('mend')
    await bake('killer')
    await claimed('mend')
    for (let n = 0; n < 3; n++) {
      await claimed('killer')
      if (n < 2) clock.advance(LEASE + 1)
    }
    clock.advance(LEASE + 1)
    expect(await recovered()).toEqual([
      ['killer', 'failed'],
      ['mend', 'waiting'],
    ])
    expect(await recovered()).toEqual([])
  })

  it('moves on page by page, past those it cannot mend', async () => {
    for (let n = 0; n < 5; n++) {
      await claimed(await bake(`dead-${n}`))
      clock.advance(0.01)
    }
    clock.advance(LEASE + 1)
    const seen: string[] = []
    const stubborn = async ({ id }: Attempt) => {
      if (id === 'dead-0' || id === 'dead-1') throw new Error(`no way with ${id}`)
      seen.push(id)
    }
    await expect(work.recover({ waiting: stubborn, failed: nothing }, 2)).rejects.toThrow(AggregateError)
    expect(seen).toEqual(['dead-2', 'dead-3', 'dead-4'])
    expect((await row('dead-0'))!.state).toBe('running')
  })

  it('tells of jobs that nobody was woken for, each once in a while, all pages of them', async () => {
    for (let n = 0; n < 5; n++) await bake(`still-${n}`)
    await bake('unwanted')
    await sql.run(`update ovens set closed = true where id = 'oven-unwanted'`)
    const told: string[] = []
    const tell = async (id: string) => void told.push(id)
    await work.forgotten(60, tell, 2)
    expect(told).toEqual([])
    clock.advance(61)
    await work.forgotten(60, tell, 2)
    await work.forgotten(60, tell, 2)
    expect(told.sort()).toEqual(['still-0', 'still-1', 'still-2', 'still-3', 'still-4'])
  })
})

it('two hundred at once, on few ovens, wait for each other and never in a circle', async () => {
  for (let n = 0; n < 40; n++) await bake(`busy-${n}`, { oven: `oven-${n % 4}`, owner: `person-${n % 5}` })
  const oneOf = (n: number) => `busy-${(n * 7) % 40}`
  const used = () => sql.run(`update ovens set used = used + 1 where id = 'oven-0'`).catch(() => 0)
  const acts: ((n: number) => Promise<unknown>)[] = [
    async (n) => {
      const attempt = await work.claim(oneOf(n))
      if (attempt) await work.finish(attempt, nothing)
    },
    async () => {
      const attempt = await work.claimNext('quick')
      if (attempt) await work.handBack(attempt, false, nothing)
    },
    (n) => work.cancel(oneOf(n)),
    (n) => work.redrive(oneOf(n)),
    () => work.recover({ waiting: nothing, failed: nothing }),
    () => work.forgotten(0, nothing),
    () =>
      sql.transaction(async () => {
        await sql.first(`select 1 from ovens where id = 'oven-1' for update`)
        await sql.run(`update bakes set percent = 1 where oven_id = 'oven-1'`)
      }),
    used,
  ]
  const ended = await Promise.allSettled(Array.from({ length: 200 }, (_, n) => acts[n % acts.length]!(n)))
  const errors = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
  expect(errors.filter((error) => !(error instanceof Superseded))).toEqual([])
})
