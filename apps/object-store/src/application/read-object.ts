import type { FileHandle } from 'node:fs/promises'
import type { StoredObject } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import type { Files } from './files.ts'
import type { Objects } from './objects.ts'

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
    const object = await this.find(bucket, key)
    try {
      return { object, handle: await this.files.open(object.fileId) }
    } catch (error) {
      // Replaced between the row and the file: then there is a newer row.
      const newer = await this.find(bucket, key)
      if (newer.fileId === object.fileId) throw error
      return { object: newer, handle: await this.files.open(newer.fileId) }
    }
  }
}
