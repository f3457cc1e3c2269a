import type { Entry, KeyFilter, KeyFrom } from '../../domain/listing.ts'
import type { Part, Upload } from '../../domain/object.ts'

/** Multipart uploads and their parts. Every call joins the surrounding transaction. */
export interface Uploads {
  add(upload: Upload): Promise<void>
  find(bucket: string, key: string, id: string): Promise<Upload | undefined>
  /** Like `find`; no part is saved and nobody else completes or aborts it before this transaction ends. */
  lock(bucket: string, key: string, id: string): Promise<Upload | undefined>
  /** By key and id, folded as objects are. */
  list(filter: KeyFilter, from: UploadFrom, limit: number): Promise<Entry<Upload>[]>
  /** A sign of life of an upload. @returns false where there is none */
  touch(id: string, now: Date): Promise<boolean>
  /** Uploads that were not begun, not touched, got no part and had none written to its place since that moment. */
  quietSince(moment: Date): Promise<Upload[]>
  /** Whether that is so of one. */
  isQuietSince(moment: Date, id: string): Promise<boolean>
  /** Removes the upload and its parts. @returns the files that only they needed */
  remove(id: string): Promise<string[]>

  /** Takes a part's place in the upload's file for its first writer, until `until` or longer (`renewLeases`).
   *  @returns false where a part lies there, whatever became of it, or another one writes it */
  leasePlace(uploadId: string, place: Place, now: Date, until: Date): Promise<boolean>
  /** @returns the claims that are renewed: not those that were over, nor those of places that are being filled or removed,
   *  for which this does not wait, or it could wait for whoever waits for it */
  renewLeases(claims: readonly string[], now: Date, until: Date): Promise<string[]>
  /** A part lies there from now on. @returns false where the place is another one's by now */
  fillPlace(claim: string): Promise<boolean>
  releasePlace(claim: string): Promise<void>
  /** Whether places are being written now. */
  isBeingWritten(uploadId: string, now: Date): Promise<boolean>

  /** Locks the part of an upload, and the upload against its end. @returns undefined where there is no such upload */
  lockPart(uploadId: string, number: number): Promise<{ part: Part | undefined } | undefined>
  /** The part is whole and on disk; it takes the place of the one there was. */
  savePart(uploadId: string, part: Part): Promise<void>
  /** Parts with a number above `after`, in order. */
  parts(uploadId: string, after: number, limit: number): Promise<Part[]>
}

export interface Place {
  readonly number: number
  readonly claim: string
}

/** An upload, or with an empty id all of its key. */
export interface UploadMarker {
  readonly key: string
  readonly id: string
}

/** With an id to begin behind that upload of the key. */
export interface UploadFrom extends KeyFrom {
  readonly id?: string
}
