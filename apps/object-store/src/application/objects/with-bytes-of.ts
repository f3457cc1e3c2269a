import { refusal } from '../../domain/refusal.ts'
import { FileGone } from '../ports/files.ts'
import type { FoundObject, Objects } from '../ports/objects.ts'

/** How often an object may be replaced meanwhile before we give up. */
const MOST_TRIES = 20

/** Does something with an object and its bytes. Where the object is replaced between the row and the file, it is done
 *  with the newer one.  @param unless as `Objects.find`  @throws AppError `NoSuchKey`, and what `act` throws */
export async function withBytesOf<T>(
  objects: Pick<Objects, 'findWithBody'>,
  bucket: string,
  key: string,
  act: (found: FoundObject) => Promise<T>,
  unless?: readonly string[],
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const found = await objects.findWithBody(bucket, key, unless)
    if (!found) throw refusal('NoSuchKey')
    try {
      return await act(found)
    } catch (error) {
      if (!(error instanceof FileGone) || tries === MOST_TRIES) throw error
    }
  }
}
