import type { FileHandle } from 'node:fs/promises'
import type { StoredObject } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import type { Files } from './files.ts'
import type { Objects } from './objects.ts'
import { withFileOf } from './with-file-of.ts'

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
  open(bucket: string, key: string): Promise<{ object: StoredObject; handle: FileHandle }> {
    return withFileOf(this.objects, bucket, key, async (object) => ({
      object,
      handle: await this.files.open(object.fileId),
    }))
  }
}
