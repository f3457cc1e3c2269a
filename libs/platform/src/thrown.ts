/** What may be known of anything that was thrown. */
export interface Thrown {
  readonly code?: unknown
  readonly cause?: unknown
  readonly name?: string
  readonly message?: string
  readonly details?: Readonly<Record<string, unknown>>
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly errors?: readonly unknown[]
}

/** The first that is so: an error, what caused it, or one of several. */
export function findError(error: unknown, is: (error: Thrown) => boolean): Thrown | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const thrown: Thrown = error
  if (is(thrown)) return thrown
  for (const inner of [thrown.cause, ...(thrown.errors ?? [])]) {
    const found = findError(inner, is)
    if (found) return found
  }
  return undefined
}
