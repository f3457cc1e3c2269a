import { setTimeout as delay } from 'node:timers/promises'

/** Waits for a condition instead of a time: resolves with the first value of `probe` that is neither false nor
 *  undefined. @param seconds after which it gives up with the last error, if any */
export async function until<T>(
  probe: () => Promise<T | false | undefined> | T | false | undefined,
  seconds = 20,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  let last: unknown
  for (;;) {
    try {
      const value = await probe()
      if (value !== false && value !== undefined) return value
    } catch (error) {
      last = error
    }
    if (Date.now() > deadline) throw last ?? new Error(`The condition did not come true within ${seconds} s.`)
    await delay(20)
  }
}
