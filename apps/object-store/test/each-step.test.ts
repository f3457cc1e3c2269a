import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Death } from './model/mortal.ts'
import { Story } from './model/story.ts'
import type { Wish } from './model/wishes.ts'
import { World } from './model/world.ts'
import { MAKING_ROOM, TAKING_ROOM } from './model/writing.ts'

let world: World
beforeAll(async () => {
  world = await World.open()
})
afterEach(() => world.clear())
afterAll(() => world.close())

async function stepsOf(before: readonly Wish[], wish: Wish): Promise<number> {
  const steps = await (await Story.begin(world, 1, before)).turn({ wishes: [wish] })
  await world.clear()
  expect(steps).toBeGreaterThan(2)
  return steps
}

describe('a process that dies before any of its steps, or behind the last', () => {
  it.each([...TAKING_ROOM, ...MAKING_ROOM])(
    'while $name has done it or not, and whoever asks again gets it',
    {
      timeout: 60_000,
    },
    async ({ before, wish }) => {
      const steps = await stepsOf(before, wish)
      const deaths = Array.from({ length: steps }, (_, i): Death => ({ at: i + 1, side: 'before' }))
      for (const death of [...deaths, { at: steps, side: 'after' } as const]) {
        const story = await Story.begin(world, 1, before)
        await story.turn({ wishes: [wish], death })
        await story.turn({ wishes: [wish] })
        await story.end()
        await world.clear()
      }
    },
  )
})

describe('a disk that is full from any step on', () => {
  it.each(TAKING_ROOM)(
    'while $name is told as such and changes nothing, or does not matter',
    {
      timeout: 60_000,
    },
    async ({ before, wish }) => {
      const steps = await stepsOf(before, wish)
      for (let fullFrom = 1; fullFrom <= steps; fullFrom++) {
        const story = await Story.begin(world, 1, before)
        await story.turn({ wishes: [wish], fullFrom })
        await story.turn({ wishes: [wish] })
        await story.end()
        await world.clear()
      }
    },
  )
})
