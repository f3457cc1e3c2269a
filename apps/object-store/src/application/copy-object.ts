import type { Clock } from '@balcao/kernel'
import { checkRead, type ReadConditions, type WriteConditions } from '../domain/conditions.ts'
import { newFileId, type StoredObject } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import type { Discarding } from './discarding.ts'
import type { Files } from './files.ts'
import type { Objects } from './objects.ts'
import { type NewObject, saveUnder } from './put-object.ts'

/** How often a source may be replaced while it is copied before we give up. */
const MOST_TRIES = 20

/** Copies an object by a second name for its bytes: they never change, so its size does not matter. */
export class CopyObject {
  constructor(
    private readonly need: {
      readonly objects: Objects
      readonly files: Files
      readonly discarding: Discarding
      readonly clock: Clock
    },
  ) {}

  /** @param replacing type and headers that take the place of the source's
   *  @throws AppError `NoSuchKey`, `PreconditionFailed`, `InvalidRequest` for a copy onto itself that changes nothing */
  async run(
    from: { bucket: string; key: string },
    to: { bucket: string; key: string },
    replacing: Pick<NewObject, 'contentType' | 'headers'> | undefined,
    conditions: { readonly source: ReadConditions; readonly target: WriteConditions },
  ): Promise<StoredObject> {
    const { objects, files, discarding, clock } = this.need
    if (from.bucket === to.bucket && from.key === to.key && !replacing)
      throw refusal('InvalidRequest', 'A copy onto itself must change its metadata.')
    const { source, fileId } = await this.#take(from, conditions.source)
    const copy = { ...source, ...to, ...replacing, fileId, uploadId: undefined, createdAt: clock.now() }
    await discarding
      .transaction(async (discard) => discard((await saveUnder(objects, copy, conditions.target))?.fileId))
      .catch(async (error) => {
        if (error.code === 'PreconditionFailed' || error.code === 'NoSuchKey') await files.remove(fileId)
        throw error
      })
    await files.settle(fileId)
    return copy
  }

  /** A name of our own for the bytes of the source: of the one there is, or of one that replaced it meanwhile. */
  async #take(from: { bucket: string; key: string }, conditions: ReadConditions) {
    const { objects, files } = this.need
    for (let tries = 1; ; tries++) {
      const source = await objects.find(from.bucket, from.key)
      if (!source) throw refusal('NoSuchKey')
      checkRead(conditions, source)
      const fileId = newFileId()
      try {
        await files.copy(source.fileId, fileId)
        return { source, fileId }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === MOST_TRIES) throw error
      }
    }
  }
}
