import { checkWrite, type WriteConditions } from '../../domain/conditions.ts'
import type { StoredObject } from '../../domain/object.ts'
import type { Objects } from '../ports/objects.ts'

/** Saves an object if its conditions hold, in the surrounding transaction. @returns the object it replaces */
export async function saveIf(
  objects: Objects,
  object: StoredObject,
  conditions: WriteConditions,
  body?: Buffer,
): Promise<StoredObject | undefined> {
  for (;;) {
    const old = await objects.lock(object.bucket, object.key)
    checkWrite(conditions, old)
    if (await objects.save(object, old !== undefined, body)) return old
    // Somebody else added it in this moment: now there is one to lock.
  }
}
