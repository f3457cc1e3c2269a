import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Death } from './model/mortal.ts'
import { Story } from './model/story.ts'
import type { Wish } from './model/wishes.ts'
import { World } from './model/world.ts'

let world: World
beforeAll(async () => {
  world = await World.open()
})
afterEach(() => world.clear())
afterAll(() => world.close())

const there = { bucket: 'balcao-media', key: 'a' }
const elsewhere = { bucket: 'video-temp-conversion', key: 'b' }
const put: Wish = { do: 'put', with: { at: there, body: 'a few bytes', note: 'one', if: 'always' } }
const begin = (inPlace: boolean): Wish => ({ do: 'create', with: { at: there, note: 'two', inPlace } })
const part = (number: number, body: 'a part' | 'a byte' | 'other bytes'): Wish => ({
  do: 'part',
  with: { upload: 0, number, body },
})
const complete = (of: 'all' | 'the first'): Wish => ({ do: 'complete', with: { upload: 0, of, if: 'unchanged' } })

describe('a process that dies before any of its steps, or behind the last', () => {
  it.each<[name: string, before: Wish[], wish: Wish]>([
    [
      'putting a new object',
      [],
      { do: 'put', with: { at: elsewhere, body: 'a byte', note: 'one', if: 'nothing there' } },
    ],
    ['replacing an object', [put], { do: 'put', with: { at: there, body: 'nothing', note: 'two', if: 'always' } }],
    ['putting a large object', [put], { do: 'put', with: { at: there, body: 'a part', note: 'one', if: 'unchanged' } }],
    ['deleting', [put], { do: 'remove', with: { at: there, if: 'unchanged' } }],
    [
      'deleting many',
      [put],
      {
        do: 'removeMany',
        with: {
          bucket: there.bucket,
          each: [
            ['a', 'always'],
            ['b', 'unchanged'],
          ],
        },
      },
    ],
    [
      'copying',
      [put],
      { do: 'copy', with: { from: there, to: elsewhere, note: undefined, if: 'always', ifSource: 'unchanged' } },
    ],
    [
      'copying over itself',
      [put],
      { do: 'copy', with: { from: there, to: there, note: 'two', if: 'always', ifSource: 'always' } },
    ],
    ['beginning an upload', [], begin(true)],
    ['taking a part in its place', [begin(true)], part(2, 'other bytes')],
    ['taking other bytes for a part that is in its place', [begin(true), part(2, 'a byte')], part(2, 'other bytes')],
    ['taking the same bytes for a part once more', [begin(true), part(2, 'a byte')], part(2, 'a byte')],
    ['taking other bytes for a part of its own', [begin(false), part(2, 'a byte')], part(2, 'other bytes')],
    [
      'copying a part',
      [put, begin(true)],
      { do: 'copyPart', with: { upload: 0, number: 2, from: there, range: [3, 60] } },
    ],
    ['completing what lies in its place', [put, begin(true), part(1, 'a byte')], complete('all')],
    [
      'completing a part of what lies in its place',
      [put, begin(true), part(1, 'a byte'), part(2, 'a byte')],
      complete('the first'),
    ],
    ['completing what must be joined', [put, begin(false), part(1, 'a part'), part(2, 'a byte')], complete('all')],
    ['aborting', [begin(true), part(1, 'a byte'), part(1, 'other bytes')], { do: 'abort', with: { upload: 0 } }],
    [
      'sweeping',
      [begin(true), part(1, 'a byte'), begin(false), { do: 'part', with: { upload: 1, number: 1, body: 'a byte' } }],
      { do: 'sweep', with: { days: 8 } },
    ],
  ])(
    '%s has done it or not, and whoever asks again gets it',
    async (_, before, wish) => {
      const steps = await (await Story.begin(world, 1, before)).turn({ wishes: [wish] })
      await world.clear()
      expect(steps).toBeGreaterThan(2)
      const deaths = Array.from({ length: steps }, (_, i): Death => ({ at: i + 1, side: 'before' }))
      for (const death of [...deaths, { at: steps, side: 'after' } as const]) {
        const story = await Story.begin(world, 1, before)
        await story.turn({ wishes: [wish], death })
        await story.turn({ wishes: [wish] })
        await story.end()
        await world.clear()
      }
    },
    60_000,
  )
})
