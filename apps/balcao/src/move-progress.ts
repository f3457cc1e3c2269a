import type { Progress } from './bring-in-step.ts'

const WIDTH = 24
/** Milliseconds between two lines where lines cannot be written over. */
const LINE_EVERY = 10_000

/** Shows how far a pass is: a bar that moves at a terminal, else a line now and then. */
export function progressOn(out: NodeJS.WriteStream): Progress {
  let told = 0
  return (done, all) => {
    const last = done.objects === all.objects
    if (all.objects === 0 || (!last && Date.now() - told < (out.isTTY ? 100 : LINE_EVERY))) return
    told = Date.now()
    const line = `${bar(all.bytes === 0 ? 1 : done.bytes / all.bytes)} ${done.objects} of ${all.objects} objects, ${size(done.bytes)} of ${size(all.bytes)}`
    if (!out.isTTY) out.write(`${line}\n`)
    else out.write(`\r\x1b[K${line}${last ? '\n' : ''}`)
  }
}

const bar = (share: number) => '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░')

function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let power = 0
  while (bytes >= 1000 ** (power + 1) && power < units.length - 1) power++
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}
