import type { Clock } from '@balcao/kernel'
import type { Sql } from '@balcao/platform'
import type { WriteConditions } from '../domain/conditions.ts'
import { newFileId, type StoredObject } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import type { Files } from './files.ts'
import type { Objects } from './objects.ts'
import { type NewObject, saveUnder } from './put-object.ts'

/** Copies an object by a second name for its bytes: they never change, so its size does not matter. */
export class CopyObject {
  constructor(
    private readonly need: {
      readonly sql: Sql
      readonly objects: Objects
      readonly files: Files
      readonly clock: Clock
    },
  ) {}

  /** @param replacing type and headers that take the place of the source's
   *  @throws AppError `NoSuchKey`, `InvalidRequest` for a copy onto itself that changes nothing */
  async run(
    from: { bucket: string; key: string },
    to: { bucket: string; key: string },
    replacing: Pick<NewObject, 'contentType' | 'headers'> | undefined,
    conditions: WriteConditions,
  ): Promise<StoredObject> {
    if (from.bucket === to.bucket && from.key === to.key && !replacing)
      throw refusal('InvalidRequest', 'A copy onto itself must change its metadata.')
    const source = await this.need.objects.find(from.bucket, from.key)
    if (!source) throw refusal('NoSuchKey')
    const fileId = newFileId()
    const copy = { ...source, ...to, ...replacing, fileId, uploadId: undefined, createdAt: this.need.clock.now() }
    await this.need.files.copy(source.fileId, fileId)
    const old = await this.need.sql.transaction(() => saveUnder(this.need.objects, copy, conditions))
    await this.need.files.remove(old?.fileId)
    return copy
  }
}
