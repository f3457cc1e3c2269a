/** What is known of files that are no objects yet, or no longer. Calls join the surrounding transaction. */
export interface Unfinished {
  /** These files are being written, until then or longer: no sweep takes them. */
  hold(fileIds: readonly string[], until: Date): Promise<void>
  /** Forgets what was held until then. */
  forgetHeld(before: Date): Promise<void>
  /** Of these files those that an object has, and those that an upload, a part or a writer needs. */
  uses(fileIds: readonly string[], now: Date): Promise<ReadonlyMap<string, 'object' | 'unfinished'>>
  /** No row needs these files once the transaction is committed. */
  discard(fileIds: readonly string[], now: Date): Promise<void>
  /** These files are off the disk. */
  forgetDiscarded(fileIds: readonly string[]): Promise<void>
  discarded(before: Date, limit: number): Promise<string[]>
}
