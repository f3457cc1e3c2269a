import type { Scheduler } from '@balcao/platform'
import { afterEach, describe, expect, it } from 'vitest'
import { until } from './until.ts'

let tasks = 0
const aTask = () => `task-${++tasks}`

/** What every Scheduler keeps. @param prepare another process's view of the same tasks, on each call */
export function schedulerContract(name: string, prepare: () => Promise<Scheduler>): void {
  describe(`${name} as a Scheduler`, () => {
    const opened: Scheduler[] = []
    const open = async (): Promise<Scheduler> => {
      const scheduler = await prepare()
      opened.push(scheduler)
      return scheduler
    }
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((scheduler) => scheduler.close()))
    })

    it('runs a repeated task in one process at a time', async () => {
      const task = aTask()
      let [running, most, turns] = [0, 0, 0]
      for (const scheduler of [await open(), await open(), await open()]) {
        await scheduler.every(task, 0.2, async () => {
          most = Math.max(most, ++running)
          await new Promise((resolve) => setTimeout(resolve, 50))
          running--
          turns++
        })
      }
      await until(() => turns >= 5)
      expect(most).toBe(1)
    })

    it('goes on with a repeated task after a turn that failed', async () => {
      const scheduler = await open()
      let turns = 0
      await scheduler.every(aTask(), 0.1, async () => {
        if (++turns === 1) throw new Error('once')
      })
      await until(() => turns >= 3)
    })
  })
}
