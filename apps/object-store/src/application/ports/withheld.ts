/** Folders below which no URL that was handed out gives anything. */
export interface Withheld {
  /** Twice is the same as once. */
  add(bucket: string, folder: string, at: Date): Promise<void>
  remove(bucket: string, folder: string): Promise<void>
  /** Forgets those withheld before a moment below which there is nothing any more. */
  forgetEmpty(before: Date): Promise<void>
}
