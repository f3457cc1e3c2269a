import type { StoredObject } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import type { Objects } from './objects.ts'

/** How often an object may be replaced meanwhile before we give up. */
const MOST_TRIES = 20

/** Does something with an object and its file. Where the object is replaced between the row and the file, it is done with
 *  the newer one.  @throws AppError `NoSuchKey`, and what `act` throws */
export async function withFileOf<T>(
  objects: Pick<Objects, 'find'>,
  bucket: string,
  key: string,
  act: (object: StoredObject) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const object = await objects.find(bucket, key)
    if (!object) throw refusal('NoSuchKey')
    try {
      return await act(object)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === MOST_TRIES) throw error
    }
  }
}
