/** Milliseconds to wait before try number `failures + 1`: doubles from half a second up to 30 s, half of it by chance
 *  so that many parts do not come back at the same moment. */
export function backOff(failures: number, random: () => number = Math.random): number {
  const full = Math.min(30_000, 500 * 2 ** Math.max(0, failures - 1))
  return full / 2 + (full / 2) * random()
}
