import type { Readable } from 'node:stream'

export interface StoredObject {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Without quotes, as in the store's events. */
  readonly etag: string
}

/** What the sender of an object said of it beside its type, and everybody is told who asks for it. */
export interface ObjectHeaders {
  readonly cacheControl?: string | undefined
  readonly contentDisposition?: string | undefined
  readonly contentEncoding?: string | undefined
  readonly contentLanguage?: string | undefined
  readonly expires?: Date | undefined
  /** `x-amz-meta-*`, without that. */
  readonly metadata?: Readonly<Record<string, string>>
}

export interface DescribedObject extends StoredObject {
  readonly contentType: string
  readonly headers: ObjectHeaders
  /** To the second. */
  readonly modifiedAt: Date
}

export interface ListedObject extends StoredObject {
  readonly modifiedAt: Date
}

/** An upload in parts that was neither completed nor aborted. */
export interface UnfinishedUpload {
  readonly key: string
  readonly uploadId: string
  readonly startedAt: Date
}

/** A store of objects: S3, or what speaks its protocol. */
export interface Buckets {
  /** A bucket that is there. Costs nothing. */
  bucket(name: string): Bucket
}

/** What we ask of one bucket of S3. Keys are made by us; bytes from people arrive through signed URLs only. */
export interface Bucket {
  readonly name: string
  /** @throws AppError `object-store/unusable` where the store does not answer, has no such bucket or does not let us in,
   *  with what to do about it */
  assertReachable(): Promise<void>
  /** @param body a path is streamed from disk */
  put(key: string, body: Buffer | { path: string }, contentType: string, headers?: ObjectHeaders): Promise<StoredObject>
  /** @throws AppError `object/not_found` */
  get(key: string, range?: { start: number; end: number }): Promise<Readable>
  head(key: string): Promise<DescribedObject | undefined>
  delete(key: string): Promise<void>
  /** In parts where the object is larger than one copy may be. @throws AppError `object/not_found` */
  copy(from: string, to: Bucket, toKey: string): Promise<void>
  /** Every object below a prefix, in key order. */
  list(prefix: string): AsyncIterable<ListedObject>
  deleteBelow(prefix: string): Promise<void>
  /** Signed URLs of what lies below a folder (`…/`), now or later, give nothing until `giveOut`, whatever they say. Our own
   *  store does so, at once in all its processes; elsewhere nothing happens, and URLs end by their own time. */
  withhold(folder: string): Promise<void>
  giveOut(folder: string): Promise<void>
  /** A local file with the object's bytes in `dir`: a hard link where the store's disk is ours, else a download.
   *  @param name of the file, `in` where none is given
   *  @returns its path  @throws AppError `object/does_not_fit` where the disk is too small */
  materialise(key: string, dir: string, name?: string): Promise<string>

  createUpload(
    key: string,
    options: { contentType: string; headers?: ObjectHeaders; partSize: number },
  ): Promise<string>
  putPart(key: string, uploadId: string, partNumber: number, body: Buffer): Promise<UploadedPart>
  /** Parts in order, a page of at most 1,000 after part number `after`. */
  listParts(key: string, uploadId: string, after: number): Promise<{ parts: UploadedPart[]; next: number | undefined }>
  /** @throws AppError `upload/gone`, `upload/incomplete` (a part is missing or differs), `upload/part_order`,
   *  `upload/part_too_small` */
  completeUpload(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<StoredObject>
  /** @throws AppError `upload/gone` where it was completed or aborted before */
  abortUpload(key: string, uploadId: string): Promise<void>
  /** Every upload that was begun below a prefix and has not ended. */
  listUploads(prefix: string): AsyncIterable<UnfinishedUpload>

  /** Signed URLs, all made without I/O. `at` fixes the moment of signing, so that the same input gives the same URL. */
  signPut(key: string, options: { expiresIn: number; size?: number; at?: Date }): string
  signPart(key: string, options: { uploadId: string; partNumber: number; size: number; expiresIn: number }): string
  /** @param options.withheld whether it is good also while the object is withheld */
  signGet(
    key: string,
    options: { expiresIn: number; at?: Date; downloadAs?: string; contentType?: string; withheld?: boolean },
  ): string
}

export interface UploadedPart {
  readonly partNumber: number
  readonly size: number
  readonly etag: string
}
