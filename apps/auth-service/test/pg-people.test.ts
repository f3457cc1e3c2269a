import { randomUUID } from 'node:crypto'
import { parseCpf } from '@balcao/kernel'
import type { Platform } from '@balcao/platform'
import { testPlatform } from '@balcao/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { authService } from '../src/index.ts'
import { CpfVault } from '../src/infrastructure/cpf-vault.ts'
import { PgPeople } from '../src/infrastructure/pg-people.ts'

const cpf = parseCpf('529.982.247-25')
let platform: Platform
let people: PgPeople

beforeAll(async () => {
  platform = await testPlatform(authService)
  people = new PgPeople(platform.sql, new CpfVault(platform.secrets), platform.clock, 'sa-east-1_pool00001')
})
afterAll(() => platform.close())

const count = async (table: string) =>
  (await platform.sql.first<{ n: bigint }>(`select count(*) as n from ${table}`))!.n

it('remembers the CPF a person typed, and keeps it unreadable in the database', async () => {
  const sub = randomUUID()
  await people.add({ sub, cpf })
  expect(await people.seen(sub)).toEqual({ cpf })
  const rows = await platform.sql.query<{ row: string }>('select p::text as row from people p')
  expect(JSON.stringify(rows)).not.toContain(cpf)
  expect(JSON.stringify(rows)).not.toContain(Buffer.from(cpf).toString('hex'))
})

it('lets two people type the same CPF: nobody has proven it', async () => {
  const [one, other] = [randomUUID(), randomUUID()]
  await people.add({ sub: one, cpf })
  await people.add({ sub: other, cpf })
  expect(await people.seen(other)).toEqual({ cpf })
})

it('gives whoever signed up at the pool itself one row, however many requests come at first sight', async () => {
  const before = [await count('people'), await count('identities')]
  const sub = randomUUID()
  const seen = await Promise.all(Array.from({ length: 8 }, () => people.seen(sub)))
  expect(seen).toEqual(Array(8).fill({ cpf: null }))
  expect([await count('people'), await count('identities')]).toEqual(before.map((n) => n + 1n))
})

it('leaves a person as they are who is added twice', async () => {
  const sub = randomUUID()
  await people.add({ sub, cpf })
  await people.add({ sub })
  expect(await people.seen(sub)).toEqual({ cpf })
})
