export interface Message {
  readonly to: string
  readonly subject: string
  readonly text: string
}

export interface Mailer {
  /** Returns once the message is safe with the next hop (or on disk). */
  send(message: Message): Promise<void>
}

/** A message as a mailbox keeps it. */
export interface KeptMessage extends Message {
  readonly id: string
  /** ISO 8601, UTC. */
  readonly sentAt: string
}

/** A Mailer whose next hop is nobody: it keeps what it was given, for whoever develops. */
export interface Mailbox extends Mailer {
  /** Newest first. @param to only those to this address, whatever its case */
  messages(to?: string): Promise<KeptMessage[]>
}

/** Whether messages can be looked at where they are sent from. */
export const isMailbox = (mailer: Mailer): mailer is Mailbox => 'messages' in mailer
