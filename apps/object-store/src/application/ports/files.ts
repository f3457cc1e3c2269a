import type { Readable } from 'node:stream'
import type { Follower, HashName } from './follower.ts'

/** Where bytes lie, in files named by an id that a row knows. A file begins among the unfinished ones and is published
 *  when it has become an object; it is found in either place. Where it is in neither, calls fail with `FileGone`. */
export interface Files {
  create(id: string): Promise<FileWriter>
  /** An empty file that survives a crash, to be written by parts. */
  reserve(id: string): Promise<void>
  /** A reserved file, to write at any position. */
  reopen(id: string): Promise<FileWriter>
  open(id: string): Promise<FileReader>
  /** Bytes from the file's beginning to the last that was written. */
  sizeOf(id: string): Promise<number>
  /** A second name for the same bytes, or a copy of them where there can be none; durable when this returns. */
  copy(from: string, to: string): Promise<void>
  /** A new file of bytes of others, one after the other; durable when this returns, and nothing of it stays where that
   *  fails. */
  join(pieces: readonly FilePiece[], to: string): Promise<void>
  /** Moves the file of an object to where it stays; one that lies there stays. */
  publish(id: string): Promise<void>
  /** @returns those that are off the disk; what cannot be removed now stays, and keeps no other from going */
  remove(...ids: readonly string[]): Promise<string[]>
  /** Bytes that we may still write, so that others on the same disk can still work. */
  free(): Promise<number>
  /** Names of unfinished files that nobody touched for `ms` milliseconds, in portions. */
  unfinished(ms: number): AsyncIterable<string[]>
}

/** There is no file of that id, or none any more. */
export class FileGone extends Error {}

/** A file that is being written. */
export interface FileWriter {
  /** Writes all of these, one behind the other from that position on. */
  write(chunks: readonly Buffer[], position: number): Promise<void>
  /** Hashes what is written from that position on, beside everything else that this process does.
   *  @param names with `MD5` among them */
  hash(position: number, names: readonly HashName[]): Follower
  /** Makes what was written durable. */
  sync(): Promise<void>
  /** Makes a written file durable and unchangeable, name and bytes. */
  seal(): Promise<void>
  close(): Promise<void>
}

/** A file whose bytes stay readable, whatever becomes of its name. */
export interface FileReader {
  /** @returns how many bytes were read: fewer than there is room for only at the end of the file */
  read(into: Buffer, position: number): Promise<number>
  /** From the first byte to the last. Whoever reads its chunks owns them. */
  stream(first: number, last: number): Readable
  close(): Promise<void>
}

/** Bytes of a file. */
export interface FilePiece {
  readonly fileId: string
  readonly start: number
  readonly size: number
}
