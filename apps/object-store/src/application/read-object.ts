import type { FileHandle } from 'node:fs/promises'
import type { StoredObject } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import type { Files } from './files.ts'
import type { Objects } from './objects.ts'

/** How often an object may be replaced while it is opened before we give up. */
const MOST_TRIES = 20

/** Finds an object and opens its bytes. */
export class ReadObject {
  constructor(
    private readonly objects: Objects,
    private readonly files: Files,
  ) {}

  /** @throws AppError `NoSuchKey` */
  async find(bucket: string, key: string): Promise<StoredObject> {
    const object = await this.objects.find(bucket, key)
    if (!object) throw refusal('NoSuchKey')
    return object
  }

  /** The object and a handle that keeps its bytes even if it is replaced meanwhile; the caller closes it.
   *  @throws AppError `NoSuchKey` */
  async open(bucket: string, key: string): Promise<{ object: StoredObject; handle: FileHandle }> {
    for (let tries = 1; ; tries++) {
      const object = await this.find(bucket, key)
      try {
        return { object, handle: await this.files.open(object.fileId) }
      } catch (error) {
        // Replaced between the row and the file: then there is a newer row.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === MOST_TRIES) throw error
      }
    }
  }
}
