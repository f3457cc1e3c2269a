import { randomInt } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'vitest'
import { soak } from '../e2e/soak/soak.ts'
import { quantile, record } from './record.ts'

/** Of bad days, in rounds. */
const minutes = Number(process.env.SOAK_MINUTES ?? 60)
const ROUND = 5

it('soaks', { timeout: (minutes + 60) * 120_000 }, async () => {
  const seed = Number(process.env.SOAK_SEED ?? randomInt(2 ** 31))
  const smallDisk = process.env.PEER_SOAK_DISK
  const { faults, waits, sum, output } = await soak({
    ...{ seed, minutes, roundMinutes: ROUND, boundSeconds: 240, smallDisk, most: 8 },
  })
  const log = join(tmpdir(), `soak-${seed}.log`)
  await writeFile(log, output)
  const seconds = waits.map((wait) => wait.seconds)
  const disk = smallDisk ? 'a disk of its own that is nearly full now and then' : 'a disk that is never full'
  const how = `${minutes} minutes, seed ${seed}, three people on ${disk}: ${sum}. The terminal stands in ${log}.`
  record('soak', [
    {
      claim: 'soak: faults (lost, left over, cut off, beyond the bound)',
      unit: '',
      runs: [faults.length],
      goal: { atMost: 0 },
      how,
    },
    {
      claim: 'soak: acknowledged → first picture or verdict, p50',
      unit: 's',
      runs: [quantile(seconds, 0.5)],
      goal: undefined,
      how: `Of ${seconds.length} uploads, while parts are killed.`,
    },
    {
      claim: 'soak: acknowledged → first picture or verdict, p95',
      unit: 's',
      runs: [quantile(seconds, 0.95)],
      goal: { atMost: 240 },
      how: `Of the same; the longest waited ${Math.max(0, ...seconds).toFixed(0)} s.`,
    },
  ])
})
