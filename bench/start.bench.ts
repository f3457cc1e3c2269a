import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { it } from 'vitest'
import { Balcao, root } from '../e2e/support/balcao.ts'
import { record, seconds } from './record.ts'

const RUNS = 3

/** Proportional: what processes share is counted once. MiB. */
const memoryOf = (pid: number) =>
  Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))![1]) / 1024

it('measures the start and the idle memory', async () => {
  const built: number[] = []
  const first: number[] = []
  const second: number[] = []
  const memory: number[] = []
  const node: number[] = []
  for (let run = 0; run < RUNS; run++) {
    await rm(join(root, 'dist', '.built-from'), { force: true })
    await rm(join(root, 'web', 'dist', '.built-from'), { force: true })
    const fresh = await Balcao.prepare()
    built.push(await seconds(() => fresh.start()))
    await fresh.remove()

    const balcao = await Balcao.prepare()
    first.push(await seconds(() => balcao.start()))
    await balcao.stop()
    second.push(await seconds(() => balcao.start()))
    const processes = await balcao.processes()
    memory.push(processes.reduce((sum, { pid }) => sum + memoryOf(pid), 0))
    node.push(processes.filter(({ name }) => name !== 'postgres').reduce((sum, { pid }) => sum + memoryOf(pid), 0))
    await balcao.remove()
  }
  const how = 'From the launch of scripts/start.ts (what `npm start` runs) until /health/ready answers 200'
  record('start', [
    {
      claim: 'npm start to ready, first (builds the services and the page, makes the database)',
      unit: 's',
      runs: built,
      goal: undefined,
      how: `${how}.`,
    },
    {
      claim: 'npm start to ready, built, new data directory',
      unit: 's',
      runs: first,
      goal: undefined,
      how: `${how}; initdb included.`,
    },
    {
      claim: 'npm start to ready, second',
      unit: 's',
      runs: second,
      goal: undefined,
      how: `${how}, on the data of the first.`,
    },
    {
      claim: 'idle memory, everything',
      unit: 'MiB',
      runs: memory,
      goal: undefined,
      how: 'Sum of PSS (smaps_rollup) of all processes right after ready: launcher, four children, PostgreSQL.',
    },
    {
      claim: 'idle memory, without PostgreSQL',
      unit: 'MiB',
      runs: node,
      goal: undefined,
      how: 'The same, Node processes only.',
    },
  ])
})
