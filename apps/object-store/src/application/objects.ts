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
  /** Adds the object, or puts it in the place of the one that is locked (`replaces`). @returns false where it was to be
   *  added and another one is there */
  save(object: StoredObject, replaces: boolean): Promise<boolean>
  remove(bucket: string, key: string): Promise<void>
  /** Objects whose key begins with `prefix`, in the order of the bytes of their keys. */
  list(bucket: string, prefix: string, from: ListFrom, limit: number): Promise<StoredObject[]>
}

/** A key to begin with, or to begin behind. */
export interface ListFrom {
  readonly key: string
  readonly included: boolean
}
