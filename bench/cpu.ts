import { readFile } from 'node:fs/promises'

/** Of /proc: a tick is a hundredth of a second. */
const TICKS = 100

/** Seconds of CPU that processes took so far, with those of the children they reaped, as PostgreSQL its backends. */
export async function cpuSeconds(pids: readonly number[]): Promise<number> {
  const ticks = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // utime, stime, cutime, cstime
      return fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0)
    }),
  )
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS
}
