import type { Entry, KeyFilter, KeyFrom } from '../../domain/listing.ts'
import type { StoredObject } from '../../domain/object.ts'

/** What there is: the row is the object. Every call joins the surrounding transaction. */
export interface Objects {
  /** @param unless folders: what is withheld below one of them is not there */
  find(bucket: string, key: string, unless?: readonly string[]): Promise<StoredObject | undefined>
  /** With its bytes, where they lie in the row. */
  findWithBody(bucket: string, key: string, unless?: readonly string[]): Promise<FoundObject | undefined>
  /** Like `find`, and nobody changes it before this transaction ends. */
  lock(bucket: string, key: string): Promise<StoredObject | undefined>
  /** Adds the object, or puts it in the place of the one that is locked (`replaces`).
   *  @param body where it has no file  @returns false where it was to be added and another one is there */
  save(object: StoredObject, replaces: boolean, body?: Buffer): Promise<boolean>
  /** @returns the file that is no longer needed */
  remove(bucket: string, key: string): Promise<string | undefined>
  /** In the order of the bytes of their keys. Of those that are folded one is read, and the others are skipped by the
   *  index, however many they are. */
  list(filter: KeyFilter, from: KeyFrom, limit: number): Promise<Entry<StoredObject>[]>
}

export interface FoundObject {
  readonly object: StoredObject
  /** Undefined where they lie in a file. */
  readonly body: Buffer | undefined
}
