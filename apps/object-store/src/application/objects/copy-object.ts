import type { Clock } from '@balcao/kernel'
import { checkRead, type ReadConditions, type WriteConditions } from '../../domain/conditions.ts'
import { newFileId, type StoredObject } from '../../domain/object.ts'
import { refusal } from '../../domain/refusal.ts'
import type { Files } from '../ports/files.ts'
import type { Objects } from '../ports/objects.ts'
import { commitOrRemove } from '../sweep/commit-or-remove.ts'
import type { Discarding } from '../sweep/discarding.ts'
import type { NewObject } from './put-object.ts'
import { saveIf } from './save-if.ts'
import { withBytesOf } from './with-bytes-of.ts'

/** Copies an object: a small one with its row, another by a second name for its file. Bytes never change, so the size
 *  does not matter. */
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
    const { source, fileId, body } = await withBytesOf(objects, from.bucket, from.key, async ({ object, body }) => {
      checkRead(conditions.source, object)
      if (body) return { source: object, fileId: undefined, body }
      const fileId = newFileId()
      await files.copy(object.fileId!, fileId)
      return { source: object, fileId, body }
    })
    const copy = { ...source, ...to, ...replacing, fileId, uploadId: undefined, createdAt: clock.now() }
    await commitOrRemove(files, fileId, () =>
      discarding.transaction(async (discard) =>
        discard((await saveIf(objects, copy, conditions.target, body))?.fileId),
      ),
    )
    if (fileId) await files.publish(fileId)
    return copy
  }
}
