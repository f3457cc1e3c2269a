import type { Part, Upload } from '../domain/object.ts'

/** Multipart uploads and their parts. Every call joins the surrounding transaction. */
export interface Uploads {
  add(upload: Upload): Promise<void>
  find(bucket: string, key: string, id: string): Promise<Upload | undefined>
  /** Like `find`; no part is claimed and nobody else completes or aborts it before this transaction ends. */
  lock(bucket: string, key: string, id: string): Promise<Upload | undefined>
  /** Uploads that were not begun, and got no part, since that moment. */
  quietSince(moment: Date): Promise<Upload[]>
  /** Removes the upload and its parts. @returns the files that only they needed */
  remove(id: string): Promise<string[]>

  /** Marks a part absent for its new writer, until `until` or longer (`renew`).
   *  @returns the file of the bytes that were there before; `busy` where somebody else still writes them */
  claim(upload: Upload, part: PartClaim, now: Date, until: Date): Promise<Claimed>
  renew(claims: readonly string[], until: Date): Promise<void>
  /** The part is whole and on disk. @returns false where it has another writer by now, or no upload */
  finish(uploadId: string, part: Part): Promise<boolean>
  release(uploadId: string, claim: string): Promise<void>
  /** Whether parts are being written now. */
  isBusy(uploadId: string, now: Date): Promise<boolean>
  /** Whole parts with a number above `after`, in order. */
  parts(uploadId: string, after: number, limit: number): Promise<Part[]>
}

export interface PartClaim {
  readonly number: number
  readonly claim: string
  readonly fileId: string | undefined
}

/** `gone`: the upload was completed or aborted. */
export type Claimed = { readonly oldFileId: string | undefined } | 'busy' | 'gone'
