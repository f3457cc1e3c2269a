import type { Clock } from '@balcao/kernel'
import { checkRead, type ReadConditions, type WriteConditions } from '../domain/conditions.ts'
import { newFileId, type StoredObject } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import type { Discarding } from './discarding.ts'
import type { Files } from './files.ts'
import type { Objects } from './objects.ts'
import { type NewObject, saveUnder } from './put-object.ts'
import { unlessRefused } from './unless-refused.ts'
import { withFileOf } from './with-file-of.ts'

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
    const { source, fileId } = await withFileOf(objects, from.bucket, from.key, async (source) => {
      checkRead(conditions.source, source)
      const fileId = newFileId()
      await files.copy(source.fileId, fileId)
      return { source, fileId }
    })
    const copy = { ...source, ...to, ...replacing, fileId, uploadId: undefined, createdAt: clock.now() }
    await unlessRefused(files, fileId, () =>
      discarding.transaction(async (discard) => discard((await saveUnder(objects, copy, conditions.target))?.fileId)),
    )
    await files.settle(fileId)
    return copy
  }
}
