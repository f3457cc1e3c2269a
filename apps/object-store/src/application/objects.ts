import type { StoredObject } from '../domain/object.ts'

export interface Bucket {
  readonly name: string
  readonly createdAt: Date
}

/** What there is: the row is the object. Every call joins the surrounding transaction. */
export interface Objects {
  addBucket(bucket: Bucket): Promise<void>
  buckets(): Promise<Bucket[]>
  hasBucket(name: string): Promise<boolean>
  find(bucket: string, key: string): Promise<StoredObject | undefined>
  /** Like `find`, and nobody changes it before this transaction ends. */
  lock(bucket: string, key: string): Promise<StoredObject | undefined>
  /** Adds the object, or puts it in the place of the one there was. @returns false where it may only be added
   *  (`onlyNew`) and another one is there */
  save(object: StoredObject, onlyNew: boolean): Promise<boolean>
  /** @returns the file that is no longer needed */
  remove(bucket: string, key: string): Promise<string | undefined>
  /** Objects whose key begins with `prefix`, in the order of the bytes of their keys. */
  list(bucket: string, prefix: string, from: ListFrom, limit: number): Promise<StoredObject[]>
  /** Those of the files that some row needs: of an object, an upload or a part. */
  needed(fileIds: readonly string[]): Promise<ReadonlySet<string>>
}

/** A key to begin with, or to begin behind. */
export interface ListFrom {
  readonly key: string
  readonly included: boolean
}
