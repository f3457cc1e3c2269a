import type { StoredObject } from '../../domain/object.ts'

export interface Bucket {
  readonly name: string
  readonly createdAt: Date
}

/** What there is: the row is the object. Every call joins the surrounding transaction. */
export interface Objects {
  addBucket(bucket: Bucket): Promise<void>
  buckets(): Promise<Bucket[]>
  /** @param name of any form: one that no bucket has is none */
  hasBucket(name: string): Promise<boolean>
  find(bucket: string, key: string): Promise<StoredObject | undefined>
  /** With its bytes, where they lie in the row. */
  findWithBody(bucket: string, key: string): Promise<FoundObject | undefined>
  /** Like `find`, and nobody changes it before this transaction ends. */
  lock(bucket: string, key: string): Promise<StoredObject | undefined>
  /** Adds the object, or puts it in the place of the one that is locked (`replaces`).
   *  @param body where it has no file  @returns false where it was to be added and another one is there */
  save(object: StoredObject, replaces: boolean, body?: Buffer): Promise<boolean>
  /** @returns the file that is no longer needed */
  remove(bucket: string, key: string): Promise<string | undefined>
  /** Objects whose key begins with `prefix`, in the order of the bytes of their keys. */
  list(bucket: string, prefix: string, from: ListFrom, limit: number): Promise<StoredObject[]>
  /** The same with keys folded behind the first delimiter that follows the prefix: of those that share such a beginning
   *  one is found, and the others are skipped by the index, however many they are. */
  listFolded(bucket: string, prefix: string, delimiter: string, from: ListFrom, limit: number): Promise<Folded[]>
}

export interface FoundObject {
  readonly object: StoredObject
  /** Undefined where they lie in a file. */
  readonly body: Buffer | undefined
}

/** An object, or what keys have in common up to the delimiter. */
export interface Folded {
  readonly object: StoredObject
  readonly commonPrefix: string | undefined
}

/** A key to begin with, or to begin behind. */
export interface ListFrom {
  readonly key: string
  readonly included: boolean
}
