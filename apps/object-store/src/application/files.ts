import type { FileHandle } from 'node:fs/promises'

/** Where bytes lie, in files named by an id that a row knows. A file begins among the unfinished ones and moves to its
 *  place when it has become an object; it is found in either. */
export interface Files {
  create(id: string): Promise<FileHandle>
  /** An empty file that survives a crash, to be written by parts. */
  reserve(id: string): Promise<void>
  /** A reserved file, to write at any place. */
  openAgain(id: string): Promise<FileHandle>
  /** Makes a written file durable and unchangeable, name and bytes. */
  seal(handle: FileHandle): Promise<void>
  open(id: string): Promise<FileHandle>
  /** Bytes from the file's beginning to the last that was written. */
  sizeOf(id: string): Promise<number>
  /** A second name for the same bytes, or a copy of them where there can be none; durable when this returns. */
  copy(from: string, to: string): Promise<void>
  /** Moves the file of an object to its place; one that lies there stays. */
  settle(id: string): Promise<void>
  /** @returns those that are off the disk; what cannot be removed now stays, and keeps no other from going */
  remove(...ids: readonly string[]): Promise<string[]>
  /** Bytes that we may still write. */
  free(): Promise<number>
  /** Names of unfinished files that nobody touched for `ms` milliseconds, in portions. */
  unfinished(ms: number): AsyncIterable<string[]>
}
