import type { FileHandle } from 'node:fs/promises'

/** Where bytes lie, in files named by an id that a row knows. */
export interface Files {
  create(id: string): Promise<FileHandle>
  /** An empty file that survives a crash, to be written by parts. */
  reserve(id: string): Promise<void>
  /** A reserved file, to write at any place. */
  openAgain(id: string): Promise<FileHandle>
  /** Makes a written file durable and unchangeable, name and bytes. */
  seal(id: string, handle: FileHandle): Promise<void>
  /** Seals a reserved file, cut to `size` bytes. */
  sealParts(id: string, size: number): Promise<void>
  open(id: string): Promise<FileHandle>
  /** A second name for the same bytes, durable when this returns. */
  copy(from: string, to: string): Promise<void>
  remove(...ids: readonly (string | undefined)[]): Promise<void>
  /** Bytes that we may still write. */
  free(): Promise<number>
  /** Names of files that nobody touched for `ms` milliseconds, in portions. */
  untouchedFor(ms: number): AsyncIterable<string[]>
}
