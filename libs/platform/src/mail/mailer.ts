export interface Message {
  readonly to: string
  readonly subject: string
  readonly text: string
}

export interface Mailer {
  /** Returns once the message is safe with the next hop (or on disk). */
  send(message: Message): Promise<void>
}
