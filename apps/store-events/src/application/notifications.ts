/** A message in the queue to which a store sends its notifications. */
export interface Message {
  readonly text: string
  /** Names this delivery. */
  readonly receipt: string
}

export interface Notifications {
  /** Waits for messages, seconds at most. @throws Error when `signal` ends it */
  receive(signal: AbortSignal): Promise<readonly Message[]>
  /** What was taken does not come again. */
  remove(messages: readonly Message[]): Promise<void>
}
