/** Does something with each of many things, a few at a time. Where it fails with one no other is begun, and what is on its
 *  way is waited for.  @throws the first error */
export async function eachOf<T>(
  things: Iterable<T>,
  { atOnce }: { readonly atOnce: number },
  run: (thing: T) => Promise<void>,
): Promise<void> {
  const waiting = things[Symbol.iterator]()
  let failure: { readonly error: unknown } | undefined
  const worker = async () => {
    for (let next = waiting.next(); !failure && !next.done; next = waiting.next()) {
      try {
        await run(next.value)
      } catch (error) {
        failure ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  if (failure) throw failure.error
}
