/** How full the queues are, for whoever looks. */
export interface QueueStats {
  /** Messages of a queue; `dead` are those whose tries were used up. */
  counts(queue: string): Promise<{ waiting: number; active: number; dead: number }>
}
