import { setTimeout as delay } from 'node:timers/promises'

/** Milliseconds in which most subtitles are there, so that whoever opens a film as soon as it plays has them: a master
 *  playlist is read once. */
const HEAD_START_MS = 1000

/** Does something before what counts, or beside it where that takes longer: whoever fails ends the other.
 *  @returns what came of the first  @throws what ended one of them, and the signal's reason */
export async function beside<T>(
  signal: AbortSignal,
  first: (signal: AbortSignal) => Promise<T>,
  second: (signal: AbortSignal) => Promise<unknown>,
): Promise<T> {
  const failure = new AbortController()
  const held = AbortSignal.any([signal, failure.signal])
  const end = (error: unknown) => {
    failure.abort(error)
    throw error
  }
  const other = second(held).catch(end)
  await Promise.race([other, delay(HEAD_START_MS, undefined, { signal: held })]).catch(() => undefined)
  const [made] = await Promise.allSettled([first(held).catch(end), other])
  held.throwIfAborted()
  return (made as PromiseFulfilledResult<T>).value
}
