import { existsSync, readFileSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playThrough } from './support/api-journey.ts'
import { Clips } from './support/media.ts'
import { Person } from './support/person.ts'
import { hasEnded, isReady, type PartName, SplitHouse } from './support/split-house.ts'

const hook = pathToFileURL(join(import.meta.dirname, 'support', 'crash-points.ts')).href

describe('a process that dies before or after each thing it writes', () => {
  let clips: Clips
  let house: SplitHouse
  let ana: Person
  const orders = (part: PartName) => join(clips.dir, `${part}.orders`)

  beforeAll(async () => {
    clips = await Clips.open()
    house = await SplitHouse.start(
      1,
      (part): Record<string, string> =>
        part === 'worker' || part === 'http' ? { NODE_OPTIONS: `--import=${hook}`, CRASH_ORDERS: orders(part) } : {},
    )
    ana = await Person.signUp(house.url)
  })
  afterAll(async () => {
    await house?.close()
    await clips?.remove()
  })

  it.each(['worker', 'http'] as const)(
    '%s: no upload is lost, none is done twice',
    { timeout: 600_000 },
    async (part) => {
      await order(part, 'count')
      for (const title of ['um', 'dois']) {
        await ana.processed((await ana.uploadAgain(clips.small, `${part} ${title} inteiro.mp4`)).id)
      }
      // What follows the end of the second may not have been counted yet.
      const points = Math.ceil(Number(await readFile(`${orders(part)}.count`, 'utf8')) / 2)
      console.log(`${part}: ${points} crash points, each before and after`)
      expect(points).toBeGreaterThan(part === 'worker' ? 7 : 1)

      // One after another without waiting for the lease of the last to run out: jobs that are done again die again too.
      const titles: string[] = []
      for (const side of ['before', 'after']) {
        for (let number = 1; number <= points; number++) {
          titles.push(`${part} ${side} ${number}.mp4`)
          await order(part, `${side} ${number}`)
          await insist(part, () => ana.uploadAgain(clips.small, titles.at(-1)!))
          await until(() => hasDied(part), 60)
          await alive(part)
        }
      }

      const videos = await until(async () => {
        const all = (await ana.videos()).filter(({ title }) => titles.includes(title))
        return all.every(({ state }) => state === 'ready' || state === 'failed') && all
      }, 240)
      expect(videos.filter(({ state }) => state !== 'ready')).toEqual([])
      expect(videos.map(({ title }) => title).sort()).toEqual([...titles].sort())
      for (const { id } of videos) await playThrough(ana, id)
    },
  )

  /** Whether the last order was carried out, and its process is gone. */
  function hasDied(part: PartName): boolean {
    if (!existsSync(`${orders(part)}.done`)) return false
    const pid = Number(readFileSync(`${orders(part)}.done`, 'utf8'))
    return house.processes.some((one) => one.process.pid === pid && hasEnded(one))
  }

  /** Whole from the first moment: the process reads it whenever it writes. */
  async function order(part: PartName, text: string): Promise<void> {
    await rm(`${orders(part)}.done`, { force: true })
    await writeFile(`${orders(part)}.new`, text)
    await rename(`${orders(part)}.new`, orders(part))
  }

  /** Starts the part again whenever it died, until it answers. */
  async function alive(part: PartName): Promise<void> {
    await until(() => {
      const last = house.processes.findLast(({ name }) => name === part)!
      if (hasEnded(last)) house.run(part, last.env)
      return isReady(last) && !hasEnded(last)
    }, 60)
  }

  /** What a client does when the other side is gone: again, once there is somebody. */
  function insist<T extends object>(part: PartName, attempt: () => Promise<T>): Promise<T> {
    return until(async () => {
      await alive(part)
      return (await attempt()) as Exclude<T, boolean>
    }, 60)
  }
})
