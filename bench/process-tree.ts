import { readdirSync, readFileSync } from 'node:fs'

/** A process and all that it started. */
export function treeOf(root: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = read(`/proc/${name}/stat`)
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const tree = [root]
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child)
  return tree
}

/** MiB that processes hold in memory (VmRSS of /proc/pid/status), by the name of the program. */
export function residentMiB(pids: readonly number[]): { name: string; size: number }[] {
  return pids.map((pid) => {
    const status = read(`/proc/${pid}/status`)
    return {
      name: /^Name:\t(.*)$/m.exec(status)?.[1] ?? '',
      size: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024,
    }
  })
}

/** A process may end while it is looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
