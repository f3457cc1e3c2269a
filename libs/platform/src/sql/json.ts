/** JSON in which an integer beyond a double's reach stands as decimal text, as on the wire; plain JSON throws. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner))
}
