import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeJobDirectory, removeAbandoned } from './job-directory.ts'
import { type Limits, Sandbox } from './sandbox.ts'

const run = promisify(execFile)
const limits: Limits = { memoryBytes: 2 ** 30, fileBytes: 2 ** 20, cpuSeconds: 20, quietMs: 20_000 }
const forever = new AbortController().signal
const root = process.getuid?.() === 0
let sandbox: Sandbox
let dir: string
let workDir: string

beforeAll(async () => {
  sandbox = await Sandbox.open()
  workDir = await mkdtemp(join(tmpdir(), 'balcao-work-'))
  dir = await makeJobDirectory(workDir, sandbox.otherUser)
})
afterAll(() => rm(workDir, { recursive: true }))

const shell = (script: string, changes: Partial<Limits> = {}, signal = forever, onLine?: (line: string) => boolean) =>
  sandbox.run('/bin/sh', ['-c', script], {
    cwd: dir,
    limits: { ...limits, ...changes },
    signal,
    ...(onLine && { onLine }),
  })

const gone = (pid: number) => {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

describe('a program in the sandbox', () => {
  it.skipIf(process.platform !== 'linux')('lets everything else go first where it is told to', async () => {
    const script = 'until [ "$(nice)" = 19 ]; do :; done; cat /proc/self/autogroup 2>/dev/null || true'
    const { how, stdout } = await sandbox.run('/bin/sh', ['-c', script], {
      cwd: dir,
      limits,
      signal: forever,
      background: true,
    })
    expect(how).toBe('done')
    expect(stdout.trim()).toMatch(/^(\/autogroup-\d+ nice 19)?$/)
  })

  it('sees nothing of our environment', async () => {
    const { stdout } = await shell('env')
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0])
    expect(names.filter((name) => !['PATH', 'GCONV_PATH', 'PWD', 'OLDPWD', 'SHLVL', '_'].includes(name!))).toEqual([])
  })

  it('has no privileges and can gain none', async () => {
    const { stdout } = await shell("grep -E '^(CapEff|CapPrm|NoNewPrivs):' /proc/self/status | tr -d '\\t'")
    expect(stdout).toBe('CapPrm:0000000000000000\nCapEff:0000000000000000\nNoNewPrivs:1\n')
  })

  it('can write in its own folder', async () => {
    const { stdout } = await shell('echo ok > mine && cat mine')
    expect(stdout).toBe('ok\n')
  })

  it('is a user of its own that can read nothing of ours, where we are root; else it is who we are', async () => {
    const secret = join(workDir, 'secret')
    await writeFile(secret, 'x', { mode: 0o600 })
    const { stdout } = await shell(`id -u; cat ${secret} 2>/dev/null || echo refused`)
    expect(sandbox.otherUser).toBe(root)
    expect(stdout).toBe(root ? '65533\nrefused\n' : `${process.getuid!()}\nx`)
  })

  it('has no network, wherever the machine lets us take it away', async () => {
    const unshare = root ? ['-n', '--', 'true'] : ['--map-current-user', '-n', '--', 'true']
    const allowed = await run('unshare', unshare).then(
      () => true,
      () => false,
    )
    const { stdout } = await shell('readlink /proc/self/ns/net; grep -c : /proc/net/dev')
    const [namespace, interfaces] = stdout.split('\n')
    expect(namespace !== (await readlink('/proc/self/ns/net'))).toBe(allowed || root)
    if (allowed) expect(interfaces).toBe('1')
  })

  it('cannot write a file larger than its limit', async () => {
    const { how } = await shell('exec dd if=/dev/zero of=big bs=1M count=8')
    expect(['limit', 'failed']).toContain(how)
  })

  it('is killed with all that it started when it shows no progress', async () => {
    const { how } = await shell(
      'sleep 100 & echo $! > child; echo progress=continue; wait',
      { quietMs: 300 },
      forever,
      () => false,
    )
    expect(how).toBe('hung')
    const child = Number(await readFile(join(dir, 'child'), 'utf8'))
    await until(() => gone(child))
  })

  it('lives while it shows progress', async () => {
    const { how } = await shell(
      'for i in 1 2 3 4 5 6; do echo frame=$i; sleep 0.2; done',
      { quietMs: 900 },
      forever,
      () => true,
    )
    expect(how).toBe('done')
  })

  it('lives while it writes, although it says nothing', async () => {
    const silent = 'for i in 1 2 3 4 5 6; do echo $i >> moved; sleep 0.2; done'
    expect((await shell(silent, { quietMs: 700 }, forever, () => false)).how).toBe('done')
  })

  it('is killed when it has written, and neither writes nor says anything more', async () => {
    const stuck = 'echo 1 > moved; echo progress=end; exec sleep 100'
    expect((await shell(stuck, { quietMs: 300 }, forever, () => false)).how).toBe('hung')
  })

  it('is killed when the worker must hand back', async () => {
    const stop = new AbortController()
    const running = shell('echo $$ > self; echo started; sleep 100', {}, stop.signal, () => {
      stop.abort()
      return true
    })
    expect((await running).how).toBe('aborted')
    await until(async () => gone(Number(await readFile(join(dir, 'self'), 'utf8'))))
  })

  it('that somebody else killed is told from one that failed', async () => {
    expect((await shell('kill -9 $$')).how).toBe('killed')
    expect((await shell('echo sorry >&2; exit 3')).how).toBe('failed')
    expect((await shell('echo sorry >&2; exit 3')).stderr).toBe('sorry\n')
  })
})

describe('the folder of a job', () => {
  it('that a killed worker left is removed, and that of a living one is not', async () => {
    const alive = await makeJobDirectory(workDir, false)
    const left = alive.replace(`-${process.pid}-`, '-999999-')
    await mkdir(left)
    await removeAbandoned(workDir)
    await writeFile(join(alive, 'still'), 'here')
    await expect(readFile(join(left, 'x'))).rejects.toMatchObject({ code: 'ENOENT' })
    await rm(alive, { recursive: true })
  })
})
