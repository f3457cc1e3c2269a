import { randomInt } from 'node:crypto'
import { expect, it } from 'vitest'
import { soak } from './soak/soak.ts'

it('three people lose nothing and leave nothing over, whatever is killed and however full the disk is', {
  timeout: 900_000,
}, async () => {
  const smallDisk = process.env.PEER_SOAK_DISK
  if (!smallDisk) throw new Error('PEER_SOAK_DISK is not set: it names a folder on a small disk. .ci/run mounts one.')
  const seed = Number(process.env.SOAK_SEED ?? randomInt(2 ** 31))
  const { faults, sum, output } = await soak({
    ...{ seed, minutes: 2, roundMinutes: 2, boundSeconds: 240, smallDisk, most: 8 },
  })
  console.log(`seed ${seed}: ${sum}`)
  if (faults.length > 0) console.log(output.slice(-8000))
  expect(faults, `seed ${seed}`).toEqual([])
})
