import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename } from 'node:path'

export interface RunningProcess {
  readonly pid: number
  /** `launcher`, the name of a child, `postgres`, or the program's own name. */
  readonly name: string
  readonly parent: number
}

/** Every process of this machine that works for one data directory: by its environment, arguments or folder. */
export async function processesOf(dataDir: string): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(pids.map((pid) => look(pid, dataDir)))
  return found.filter((process) => process !== undefined)
}

async function look(pid: number, dataDir: string): Promise<RunningProcess | undefined> {
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')
  const [environ, cmdline, stat, cwd] = await Promise.all([
    read('environ'),
    read('cmdline'),
    read('stat'),
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
  ])
  // Dead and waiting to be reaped by whoever adopted it: nothing of it runs.
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (pid === process.pid || !state || state === 'Z') return undefined
  const env = Object.fromEntries(environ.split('\0').map((line) => line.split(/=(.*)/s) as [string, string]))
  if (env.DATA_DIR !== dataDir && !cmdline.includes(dataDir) && !cwd.startsWith(dataDir)) return undefined
  return { pid, name: nameOf(cmdline.split('\0'), env), parent: Number(parent) }
}

function nameOf(argv: string[], env: Record<string, string>): string {
  const [program = '', script = ''] = argv
  if (script.endsWith('start.ts')) return 'launcher'
  if (script.endsWith('main.js'))
    return env.ROLE === 'worker' ? 'worker' : env.SERVICES?.includes('auth') ? 'http' : env.SERVICES!
  return basename(program.split(':')[0]!)
}
