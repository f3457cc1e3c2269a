import type { Readable } from 'node:stream'

export interface StoredObject {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Without quotes, as in the store's events. */
  readonly etag: string
}

/** What we ask of S3. Keys are made by us; bytes from people arrive through signed URLs only. */
export interface ObjectStore {
  /** @param body a path is streamed from disk */
  put(bucket: string, key: string, body: Buffer | { path: string }, contentType: string): Promise<StoredObject>
  /** @throws AppError `object/not_found` */
  get(bucket: string, key: string, range?: { start: number; end: number }): Promise<Readable>
  head(bucket: string, key: string): Promise<StoredObject | undefined>
  delete(bucket: string, key: string): Promise<void>
  copy(bucket: string, from: string, toBucket: string, to: string): Promise<void>
  /** Every object below a prefix, in key order. */
  list(bucket: string, prefix: string): AsyncIterable<StoredObject>
  deleteBelow(bucket: string, prefix: string): Promise<void>
  /** A local file with the object's bytes in `dir`: a hard link where the store's disk is ours, else a download.
   *  @returns its path  @throws AppError `object/does_not_fit` where the disk is too small */
  materialise(bucket: string, key: string, dir: string): Promise<string>

  createUpload(bucket: string, key: string, options: { contentType: string; partSize: number }): Promise<string>
  /** Parts in order, a page of at most 1,000 after part number `after`. */
  listParts(
    bucket: string,
    key: string,
    uploadId: string,
    after: number,
  ): Promise<{ parts: UploadedPart[]; next: number | undefined }>
  /** @throws AppError `upload/gone`, `upload/incomplete` (a part is missing or differs), `upload/part_order`,
   *  `upload/part_too_small` */
  completeUpload(bucket: string, key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<StoredObject>
  /** @throws AppError `upload/gone` where it was completed or aborted before */
  abortUpload(bucket: string, key: string, uploadId: string): Promise<void>

  /** Signed URLs, all made without I/O. `at` fixes the moment of signing, so that the same input gives the same URL. */
  signPut(bucket: string, key: string, options: { expiresIn: number; size?: number; at?: Date }): string
  signPart(
    bucket: string,
    key: string,
    options: { uploadId: string; partNumber: number; size: number; expiresIn: number },
  ): string
  signGet(
    bucket: string,
    key: string,
    options: { expiresIn: number; at?: Date; downloadAs?: string; contentType?: string },
  ): string
}

export interface UploadedPart {
  readonly partNumber: number
  readonly size: number
  readonly etag: string
}
