import type { Topic, topics } from '@balcao/contracts'
import type { z } from 'zod'

/** Facts that other services may want. Published in the transaction that made them true (outbox),
 *  delivered at least once, applied once (inbox, in the handler's transaction). */
export interface EventBus {
  /** Joins the surrounding transaction. @param id deduplicates: the same id is delivered as one event */
  publish<T extends Topic>(topic: T, id: string, payload: z.infer<(typeof topics)[T]>): Promise<void>
  /** `handler` runs in a transaction together with the inbox row; when it throws, the event comes again.
   *  @param consumer a stable name: each consumer gets every event once */
  subscribe<T extends Topic>(
    topic: T,
    consumer: string,
    handler: (payload: z.infer<(typeof topics)[T]>) => Promise<void>,
  ): Promise<void>
  close(): Promise<void>
}
