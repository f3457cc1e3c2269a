import { randomToken } from '@balcao/kernel'
import type { Checksums, UploadChecksum } from './checksums.ts'

/** An object that is there: whole, on disk, visible. */
export interface StoredObject {
  readonly bucket: string
  readonly key: string
  /** Of the file with its bytes; undefined where they lie in its row. */
  readonly fileId: string | undefined
  /** Bytes. */
  readonly size: number
  /** In hexadecimal, without quotes; `…-k` for k parts. */
  readonly etag: string
  readonly contentType: string
  /** Headers that come back as they were sent. */
  readonly headers: Readonly<Record<string, string>>
  readonly checksums: Checksums
  readonly uploadId: string | undefined
  readonly createdAt: Date
}

export interface Upload {
  readonly id: string
  readonly bucket: string
  readonly key: string
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
  /** Bytes; with it all parts share the upload's file. */
  readonly partSize: number | undefined
  readonly fileId: string | undefined
  /** How the object's checksum is made of its parts'; each part has one of that algorithm. */
  readonly checksum: UploadChecksum | undefined
  readonly createdAt: Date
}

/** A part that is whole. */
export interface Part {
  readonly number: number
  readonly claim: string
  /** Of its own; undefined where it lies in the upload's file. */
  readonly fileId: string | undefined
  readonly size: number
  readonly etag: string
  readonly checksums: Checksums
  readonly createdAt: Date
}

export const MiB = 1024 * 1024
/** Bodies up to this size, in bytes, lie in the row of their object. */
export const LARGEST_IN_ROW = 16 * 1024
/** The largest body of one request: a single PUT or a part. */
export const LARGEST_BODY = 5 * 1024 * MiB
/** The largest object, of parts. */
export const LARGEST_OBJECT = 5 * 1024 * 1024 * MiB
/** Every part but the last has at least this many bytes. */
export const SMALLEST_PART = 5 * MiB
export const MOST_PARTS = 10_000

/** The name of a file that nobody has yet. */
export const newFileId = (): string => randomToken(16)

/** Where a file lies below the store's directory: few names in each folder. */
export const placeOf = (fileId: string): string => `${fileId.slice(0, 2)}/${fileId}`
