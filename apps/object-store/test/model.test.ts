import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import type { Death } from './model/mortal.ts'
import { Story, type Turn } from './model/story.ts'
import { type Wish, wishes } from './model/wishes.ts'
import { World } from './model/world.ts'

const FOR_MS = 15_000

let world: World
beforeAll(async () => {
  world = await World.open()
})
afterEach(() => world.clear())
afterAll(() => world.close())

/** An object, and an upload of either kind with parts of these bodies. */
const beginning = (bodies: readonly ('a part' | 'a few bytes')[]): Wish[] => {
  const [announced, other] = world.buckets
  return [
    { do: 'put', with: { at: { bucket: other, key: 'a' }, body: 'a few bytes', note: 'one', if: 'always' } },
    { do: 'create', with: { at: { bucket: other, key: 'a' }, note: 'two', inPlace: true } },
    { do: 'create', with: { at: { bucket: announced, key: 'b' }, note: 'three', inPlace: false } },
    ...[0, 1].flatMap((upload) =>
      bodies.map((body, i): Wish => ({ do: 'part', with: { upload, number: i + 1, body } })),
    ),
  ]
}

/** Now and then the first process dies, somewhere in what it does. */
const death: fc.Arbitrary<Death | undefined> = fc.option(
  fc.record({ at: fc.integer({ min: 1, max: 25 }), side: fc.constantFrom('before', 'after') }),
  { nil: undefined, freq: 4 },
)
const restarts = fc.integer({ min: 0, max: 9 }).map((n) => n === 9)

/** Tells stories of such turns for a while, fewer where the machine has other things to do; of one that fails the
 *  shortest is shown that was found by then, and its seed. */
async function tell(turn: fc.Arbitrary<Turn>, processes: number): Promise<void> {
  const large = fc.integer({ min: 0, max: 3 }).map((n) => n === 3)
  const turns = fc.array(turn, { minLength: 5, maxLength: 15, size: 'max' })
  // Not fast-check's own limit: that leaves the last story running, into whatever is tested next.
  const until = Date.now() + FOR_MS
  const telling = fc.asyncProperty(large, turns, async (large, all) => {
    if (Date.now() >= until) return
    const story = await Story.begin(world, processes, beginning(large ? ['a part', 'a few bytes'] : ['a few bytes']))
    for (const each of all) await story.turn(each)
    await story.end()
  })
  await fc.assert(
    telling.afterEach(() => world.clear()),
    // The error with the report: what keeps only the report (JSON) says otherwise not what went wrong.
    { numRuns: 1000, includeErrorInReport: true },
  )
}

describe('whatever is asked of the store, in whatever order', () => {
  it(
    'it answers and keeps what a map would, and after its process died what was acknowledged',
    async () => {
      const { any } = wishes(world.buckets)
      await tell(fc.record({ wishes: fc.tuple(any), death, restarts }), 1)
    },
    10 * FOR_MS,
  )

  it(
    'two processes on one disk are as one that is asked in some order, while one of them dies',
    async () => {
      const { writing } = wishes(world.buckets)
      await tell(fc.record({ wishes: fc.tuple(writing, writing), death, restarts }), 2)
    },
    10 * FOR_MS,
  )

  it(
    'one process that is asked two things at once does them in some order, or dies',
    async () => {
      const { writing } = wishes(world.buckets)
      await tell(fc.record({ wishes: fc.tuple(writing, writing), death, restarts }), 1)
    },
    10 * FOR_MS,
  )
})
