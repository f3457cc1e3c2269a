import type { Bucket } from '@balcao/platform'
import type { Needs } from '../needs.ts'
import { isGone } from './cancel-upload.ts'

/** Longer than any upload lives without a sign of life, or any URL for one is good. */
const LEFT_SECONDS = 8 * 86_400
const BATCH = 500

/** Removes from the store what a crash between it and the database left there: uploads in parts that nobody will
 *  complete, and uploaded bytes that no video expects. Nothing relies on rules for the lifecycle of a bucket: a store may
 *  have none. */
export class SweepStore {
  constructor(private readonly need: Pick<Needs, 'openUploads' | 'temp' | 'media' | 'tell' | 'clock'>) {}

  async run(): Promise<void> {
    const { temp, media, tell, clock } = this.need
    const before = new Date(clock.now().getTime() - LEFT_SECONDS * 1000)
    const [inTemp, inMedia] = [await this.#abortUploads(temp, before), await this.#abortUploads(media, before)]
    const objects = await this.#deleteUnknown(before)
    const uploads = inTemp + inMedia
    if (uploads + objects > 0) await tell.leftovers_removed({ uploads, objects })
  }

  /** @returns how many */
  async #abortUploads(bucket: Bucket, before: Date): Promise<number> {
    let aborted = 0
    for await (const batch of inBatches(old(bucket.listUploads(''), ({ startedAt }) => startedAt < before))) {
      for (const { key, uploadId } of await this.#unknown(batch)) {
        if (await abort(bucket, key, uploadId)) aborted++
      }
    }
    return aborted
  }

  /** @returns how many */
  async #deleteUnknown(before: Date): Promise<number> {
    const { temp } = this.need
    let deleted = 0
    for await (const batch of inBatches(old(temp.list('input/'), ({ modifiedAt }) => modifiedAt < before))) {
      for (const { key } of await this.#unknown(batch)) {
        await temp.delete(key)
        deleted++
      }
    }
    return deleted
  }

  async #unknown<T extends { key: string }>(found: readonly T[]): Promise<T[]> {
    const known = await this.need.openUploads.known(found.map(({ key }) => key))
    return found.filter(({ key }) => !known.has(key))
  }
}

/** @returns whether it was still there */
async function abort(bucket: Bucket, key: string, uploadId: string): Promise<boolean> {
  try {
    await bucket.abortUpload(key, uploadId)
    return true
  } catch (error) {
    if (!isGone(error)) throw error
    return false
  }
}

async function* old<T>(all: AsyncIterable<T>, isOld: (one: T) => boolean): AsyncIterable<T> {
  for await (const one of all) if (isOld(one)) yield one
}

async function* inBatches<T>(all: AsyncIterable<T>): AsyncIterable<T[]> {
  let batch: T[] = []
  for await (const one of all) {
    batch.push(one)
    if (batch.length === BATCH) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}
