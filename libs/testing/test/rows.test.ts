import { bytes, centavos, flag, group, int, json, oneOf, optional, real, rowOf, text, time } from '@balcao/platform'
import { testSchemas } from '@balcao/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

interface Loaf {
  readonly id: string
  readonly kind: 'rye' | 'wheat'
  readonly slices: number
  readonly weight: number | undefined
  readonly sliced: boolean
  readonly bakedAt: Date
  readonly fileSize: number
  readonly price: bigint
  readonly tags: readonly string[]
  readonly oven: { readonly number: number; readonly heat: number } | undefined
}

const loafRow = rowOf<Loaf>()({
  id: text(),
  kind: oneOf(['rye', 'wheat']),
  slices: int(),
  weight: optional(real('kilograms')),
  sliced: flag('slices > 0'),
  bakedAt: time(),
  fileSize: bytes(),
  price: centavos(),
  tags: json(z.array(z.string())),
  oven: group({ number: int('oven_number'), heat: real('oven_heat') }),
})

let bakery: Awaited<ReturnType<typeof testSchemas>>
beforeAll(async () => {
  bakery = await testSchemas('bakery')
  await bakery.sqls[0]!.run(`create table loaves (
    id text primary key, kind text not null default 'rye', slices int not null default 3, kilograms double precision,
    baked_at timestamptz not null default '2026-01-15T12:00:00Z', file_size bigint not null default 0,
    price bigint not null default 0, tags jsonb not null default '["new"]', oven_number int, oven_heat double precision)`)
})
afterAll(() => bakery.close())

async function read(id: string): Promise<Loaf> {
  const row = await bakery.sqls[0]!.first(`select ${loafRow.columns('l')} from loaves l where l.id = $1`, [id])
  return loafRow.read(row as Record<string, unknown>)
}

describe('a row', () => {
  it('becomes what its type says, field by field', async () => {
    await bakery.sqls[0]!.run(`insert into loaves (id, kilograms, price, oven_number, oven_heat)
      values ('whole', 0.5, 1299, 2, 230.5), ('bare', null, 1, null, null)`)
    expect(await read('whole')).toEqual({
      id: 'whole',
      kind: 'rye',
      slices: 3,
      weight: 0.5,
      sliced: true,
      bakedAt: new Date('2026-01-15T12:00:00Z'),
      fileSize: 0,
      price: 1299n,
      tags: ['new'],
      oven: { number: 2, heat: 230.5 },
    })
    expect(await read('bare')).toMatchObject({ weight: undefined, oven: undefined })
  })

  it('names its columns, each once, and no other', () => {
    expect(
      rowOf<{ fileSize: number; oven: { heat: number } }>()({
        fileSize: bytes(),
        oven: group({ heat: real('oven_heat') }),
      }).columns('l'),
    ).toBe('l.file_size as "fileSize", l.oven_heat as "oven.heat"')
  })

  it('keeps every centavo, beyond what a double can tell', async () => {
    const sql = bakery.sqls[0]!
    await sql.run(`insert into loaves (id) values ('dear')`)
    const big = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constant(9007199254740993n), big), async (amount) => {
        await sql.run(`update loaves set price = $1 where id = 'dear'`, [amount])
        expect((await read('dear')).price).toBe(amount)
      }),
      { numRuns: 50 },
    )
  })

  it('refuses bytes that a number would tell wrongly, by the name of the column', async () => {
    const sql = bakery.sqls[0]!
    await sql.run(`insert into loaves (id, file_size) values ('heavy', 9007199254740991)`)
    expect((await read('heavy')).fileSize).toBe(Number.MAX_SAFE_INTEGER)
    await sql.run(`update loaves set file_size = 9007199254740993 where id = 'heavy'`)
    await expect(read('heavy')).rejects.toThrow(/"fileSize" holds 9007199254740993/)
  })

  it('refuses a state that nobody knows and a null that nobody allowed', async () => {
    await bakery.sqls[0]!.run(`insert into loaves (id, kind) values ('odd', 'brick')`)
    await expect(read('odd')).rejects.toThrow(/"kind" holds brick, which is no rye or wheat/)
    expect(() => loafRow.read({ id: null })).toThrow(/"id" holds null/)
  })

  it('does not compile with a field that has no column, or one of another type', () => {
    // @ts-expect-error: `slices` is missing
    rowOf<Pick<Loaf, 'id' | 'slices'>>()({ id: text() })
    // @ts-expect-error: money is no number
    rowOf<Pick<Loaf, 'price'>>()({ price: bytes() })
    // @ts-expect-error: it may be undefined
    rowOf<Pick<Loaf, 'id'>>()({ id: optional(text()) })
    // @ts-expect-error: a group without one of its fields
    rowOf<Pick<Loaf, 'oven'>>()({ oven: group({ number: int() }) })
    expect(true).toBe(true)
  })
})
