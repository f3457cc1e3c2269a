/** Short-lived values. It may forget: nothing that protects or promises lives in it. Every call throws inside a
 *  transaction (outside-transactions.ts). */
export interface Cache {
  /** @param ttl seconds (Redis: EX) */
  set(key: string, value: string, ttl: number): Promise<void>
  get(key: string): Promise<string | undefined>
  /** Reads and removes in one step: of two callers one gets the value. */
  take(key: string): Promise<string | undefined>
  delete(key: string): Promise<void>
  /** Adds one and returns the count; the first in a window starts its `ttl` (seconds). */
  increment(key: string, ttl: number): Promise<number>
  close(): Promise<void>
}
