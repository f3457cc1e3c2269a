/** What kind of refusal an error is. The edge maps it to a status; nothing inside knows about HTTP. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'unprocessable'
  | 'rate_limited'
  | 'unavailable'

/** The only error that the core throws on purpose.
 *  `code` is `area/what_happened` and is the key of the translated text in the web;
 *  `message` is a sentence for the person (the documented one where a document gives it);
 *  `details` never holds personal data. */
export class AppError<Code extends string = string> extends Error {
  override readonly name = 'AppError'
  readonly code: Code
  readonly kind: ErrorKind
  readonly details: Record<string, unknown>

  constructor(kind: ErrorKind, code: Code, message: string, details: Record<string, unknown> = {}) {
    super(message)
    this.kind = kind
    this.code = code
    this.details = details
  }
}
