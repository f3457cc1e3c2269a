import { AppError } from '@balcao/kernel'
import { checkWrite, type EntityTags } from '../../domain/conditions.ts'
import type { Objects } from '../ports/objects.ts'
import type { Discarding } from '../sweep/discarding.ts'

export interface Deletion {
  readonly key: string
  /** Only the object with this entity tags. */
  readonly ifMatch: EntityTags | undefined
}

/** Removes objects; those that are not there count as removed, as in S3, unless a condition asks for them. */
export class DeleteObjects {
  constructor(
    private readonly objects: Objects,
    private readonly discarding: Discarding,
  ) {}

  /** @returns for each why it was refused: `PreconditionFailed`, `NoSuchKey` */
  run(bucket: string, deletions: readonly Deletion[]): Promise<readonly (AppError | undefined)[]> {
    // In one order everywhere, so that two of these cannot wait for each other; one key's in their own.
    const inOrder = [...deletions.entries()].sort(([i, a], [j, b]) =>
      a.key === b.key ? i - j : a.key < b.key ? -1 : 1,
    )
    return this.discarding.transaction(async (discard) => {
      const refused: (AppError | undefined)[] = deletions.map(() => undefined)
      for (const [i, { key, ifMatch }] of inOrder) {
        refused[i] = ifMatch === undefined ? undefined : await this.#refusal(bucket, key, ifMatch)
        if (!refused[i]) discard(await this.objects.remove(bucket, key))
      }
      return refused
    })
  }

  /** Why an object must not be removed. Locked: what was looked at is what is removed. */
  async #refusal(bucket: string, key: string, ifMatch: EntityTags): Promise<AppError | undefined> {
    const object = await this.objects.lock(bucket, key)
    try {
      checkWrite({ ifMatch, ifNothing: false }, object)
      return undefined
    } catch (error) {
      if (error instanceof AppError) return error
      throw error
    }
  }
}
