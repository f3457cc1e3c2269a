import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { stepBack } from '@balcao/platform'
import { stillWrites } from './still-writes.ts'
import { onPath } from './toolchain.ts'

const run = promisify(execFile)

/** Not PostgreSQL's user (`nobody`, 65534), so that a broken decoder cannot read the cluster. */
export const SANDBOX_ID = 65533

export interface Limits {
  readonly memoryBytes: number
  /** The largest file it may write. */
  readonly fileBytes: number
  readonly cpuSeconds: number
  /** Milliseconds without a sign of progress and without a written byte, after which it is killed. */
  readonly quietMs: number
}

export interface Run {
  readonly cwd: string
  readonly limits: Limits
  /** Kills it when the worker must hand back. */
  readonly signal: AbortSignal
  /** Whether everything else on the machine goes first. */
  readonly background?: boolean
  /** Called with each line of standard output; answers whether the line shows progress. */
  readonly onLine?: (line: string) => boolean
  /** Called with each line of standard error. */
  readonly onError?: (line: string) => void
}

export interface Exit {
  /** `done`: code 0. `limit`: CPU or file size. `killed`: by somebody else, such as the kernel when memory ran out. */
  readonly how: 'done' | 'failed' | 'limit' | 'killed' | 'hung' | 'aborted'
  readonly stdout: string
  /** The last 16 KiB. */
  readonly stderr: string
}

/** A static binary that loads this machine's modules of iconv crashes (npm's ffprobe does on every transport stream),
 *  and no character set named by a hostile file should load code anyway. */
const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', GCONV_PATH: '/nonexistent' }
const KEPT = 16 * 1024
const NICEST = 19
const MAX_STDOUT = 16 * 1024 ** 2

/** Runs a program on hostile input: argument arrays, none of our environment, own process group, no network, another
 *  user, bounded memory, files and time, and gone when we are. What the machine cannot do is left out: an ordinary
 *  user keeps the limits, and ffmpeg's whitelists carry the guard. */
export class Sandbox {
  private constructor(
    private readonly unshare: readonly string[],
    private readonly prlimit: string | undefined,
    private readonly setpriv: readonly string[],
    /** Whether programs run as SANDBOX_ID. */
    readonly otherUser: boolean,
  ) {}

  /** Finds out once what this machine allows. */
  static async open(): Promise<Sandbox> {
    const works = (command: readonly string[]) =>
      run(command[0]!, [...command.slice(1), 'true']).then(
        () => true,
        () => false,
      )
    const first = async (choices: readonly (readonly string[])[]) => {
      for (const choice of choices) if (await works(choice)) return choice
      return []
    }
    const root = process.getuid?.() === 0
    const [unshare, prlimit, setpriv] = await Promise.all(['unshare', 'prlimit', 'setpriv'].map(onPath))
    const user = [`--reuid=${SANDBOX_ID}`, `--regid=${SANDBOX_ID}`, '--clear-groups', '--inh-caps=-all']
    const leash = ['--no-new-privs', '--pdeathsig=KILL', '--']
    const drop = setpriv ? await first([...(root ? [[setpriv, ...user, ...leash]] : []), [setpriv, ...leash]]) : []
    const alone = unshare
      ? await first(
          root
            ? [[unshare, '-n', '--']]
            : [
                [unshare, '--map-current-user', '-n', '--'],
                [unshare, '-r', '-n', '--'],
              ],
        )
      : []
    return new Sandbox(alone, prlimit, drop, drop.includes(user[0]!))
  }

  /** The whole command line: who may do what, then the program. */
  commandLine(program: string, args: readonly string[], limits: Limits): string[] {
    const bounds = [
      `--as=${limits.memoryBytes}`,
      `--fsize=${limits.fileBytes}`,
      `--cpu=${limits.cpuSeconds}`,
      '--core=0',
    ]
    return [
      ...this.unshare,
      ...(this.prlimit ? [this.prlimit, ...bounds, '--'] : []),
      ...this.setpriv,
      program,
      ...args,
    ]
  }

  /** Runs it to its end. Never throws for what the program does. */
  run(program: string, args: readonly string[], options: Run): Promise<Exit> {
    const [file, ...rest] = this.commandLine(program, args, options.limits)
    return new Promise((resolve, reject) => {
      options.signal.throwIfAborted()
      const child = spawn(file!, rest, {
        cwd: options.cwd,
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: process.platform !== 'win32',
        windowsHide: true,
      })
      if (options.background && child.pid) void stepBack(child.pid, NICEST)
      let why: 'hung' | 'aborted' | undefined
      const kill = (reason: 'hung' | 'aborted') => {
        why ??= reason
        killGroup(child.pid)
      }
      const abort = () => kill('aborted')
      options.signal.addEventListener('abort', abort, { once: true })
      const { quietMs } = options.limits
      let over = false
      const alive = () => {
        clearTimeout(quiet)
        if (!over) quiet = setTimeout(judge, quietMs)
      }
      const judge = async () => {
        const writes = await stillWrites(options.cwd, quietMs).catch(() => false)
        if (writes) alive()
        else kill('hung')
      }
      let quiet = setTimeout(judge, quietMs)
      let stdout = ''
      let stderr = ''
      let unfinished = ''
      let unfinishedError = ''
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        if (!options.onLine) {
          if (stdout.length < MAX_STDOUT) stdout += chunk
          return
        }
        const lines = (unfinished + chunk).split('\n')
        unfinished = lines.pop()!.slice(-KEPT)
        for (const line of lines) if (options.onLine(line.trim())) alive()
      })
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        stderr = (stderr + chunk).slice(-KEPT)
        if (!options.onError) return
        const lines = (unfinishedError + chunk).split('\n')
        unfinishedError = lines.pop()!.slice(-KEPT)
        for (const line of lines) options.onError(line)
      })
      const settle = () => {
        over = true
        clearTimeout(quiet)
        options.signal.removeEventListener('abort', abort)
      }
      child.on('error', (error) => {
        settle()
        reject(error)
      })
      child.on('close', (code, signal) => {
        settle()
        const limit = signal === 'SIGXCPU' || signal === 'SIGXFSZ'
        const how = why ?? (code === 0 ? 'done' : limit ? 'limit' : signal ? 'killed' : 'failed')
        resolve({ how, stdout, stderr })
      })
    })
  }
}

/** The program and whatever it started. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}
