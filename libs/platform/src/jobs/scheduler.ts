/** Tasks that are repeated. */
export interface Scheduler {
  /** Calls `handler` about every `seconds`, in one process at a time.
   *  @param name stable: it is how processes know that they mean the same task */
  every(name: string, seconds: number, handler: () => Promise<void>): Promise<void>
  /** Resolves when what runs is over. */
  close(): Promise<void>
}
