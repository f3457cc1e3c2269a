import { AppError, eachOf } from '@balcao/kernel'
import { type Bucket, isSame, type ListedObject, transfer, versionOf } from '@balcao/platform'
import type { Journal } from './move-journal.ts'

/** Objects on their way at a time. */
const AT_ONCE = 4

export interface Passed {
  /** Objects that were brought over or taken away. */
  readonly changed: number
  /** Keys under which the target has something else, which is not ours to replace. */
  readonly foreign: readonly string[]
}

/** Told before the first object of a pass, and after each. `bytes` of objects. */
export type Progress = (done: { objects: number; bytes: number }, all: { objects: number; bytes: number }) => void

/** Makes a bucket of another store hold what this one holds: brings over what is missing or was replaced, reads it back
 *  and compares, and takes away again what was brought over and has gone from here. Touches nothing there that it did
 *  not bring. While this bucket is written to, a pass leaves out what changes under it; the next one finds that.
 *  @throws AppError `move/differs` where the other store does not give back what it was sent */
export async function bringInStep(from: Bucket, to: Bucket, journal: Journal, progress: Progress): Promise<Passed> {
  const there = new Map<string, string>()
  for await (const { key, etag } of to.list('')) there.set(key, etag)
  const missing: ListedObject[] = []
  const gone = new Set(journal.keys())
  const foreign: string[] = []
  for await (const object of from.list('')) {
    gone.delete(object.key)
    const [known, tag] = [journal.get(object.key), there.get(object.key)]
    if (known === undefined || known === 'begun' || tag === undefined) missing.push(object)
    else if (known.to !== tag) foreign.push(object.key)
    else if (known.from !== versionOf(object)) missing.push(object)
  }

  const all = { objects: missing.length, bytes: missing.reduce((sum, { size }) => sum + size, 0) }
  const done = { objects: 0, bytes: 0 }
  let changed = 0
  progress(done, all)
  const bring = async (object: ListedObject) => {
    const { key, size } = object
    const tag = there.get(key)
    const unknown = tag !== undefined && journal.get(key) === undefined
    if (unknown && (await isSame(from, to, key))) await journal.done(key, { from: versionOf(object), to: tag })
    else if (unknown) foreign.push(key)
    else {
      await journal.begin(key)
      const outcome = await transfer(from, to, key)
      if (outcome === 'other bytes' || outcome === 'other headers')
        throw new AppError(
          'unavailable',
          'move/differs',
          `${to.name} gives back ${outcome} of ${key} than it was sent: look after the store that you move to.`,
        )
      if (outcome !== 'changed') await journal.done(key, outcome)
      changed++
    }
    done.objects++
    done.bytes += size
    progress(done, all)
  }
  await eachOf(missing, { atOnce: AT_ONCE }, bring)
  await eachOf([...gone], { atOnce: AT_ONCE }, async (key) => {
    const known = journal.get(key)
    const tag = there.get(key)
    if (known === 'begun' || (tag !== undefined && tag === known?.to)) {
      await to.delete(key)
      changed++
    }
    await journal.forget(key)
  })
  return { changed, foreign }
}
