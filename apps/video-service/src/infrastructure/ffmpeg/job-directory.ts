import { chmod, chown, copyFile, link, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { SANDBOX_ID } from './sandbox.ts'

const ours = `${hostname().replaceAll(/[^A-Za-z0-9.]/g, '_')}-${process.pid}-`

/** A folder of one job, mode 0700, gone afterwards. Paths above it may be closed to the program inside, which sees it
 *  as its working directory. @param otherUser give it to the sandbox's user */
export async function makeJobDirectory(workDir: string, otherUser: boolean): Promise<string> {
  await mkdir(workDir, { recursive: true, mode: 0o700 })
  const dir = await mkdtemp(join(workDir, ours))
  if (otherUser) await chown(dir, SANDBOX_ID, SANDBOX_ID)
  return dir
}

/** Removes the folders that workers of this machine left behind when they were killed. */
export async function removeAbandoned(workDir: string): Promise<void> {
  const [host] = ours.split(/-\d+-$/)
  for (const name of await readdir(workDir).catch(() => [])) {
    const pid = name.startsWith(`${host}-`) ? Number(/^\d+/.exec(name.slice(host!.length + 1))?.[0]) : Number.NaN
    if (pid && !isAlive(pid)) await rm(join(workDir, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Names the materialised upload `./in`, readable by the sandbox's user. A hard link shares its inode with the store's
 *  object, which is readable already and never changed. */
export async function nameInput(path: string, dir: string): Promise<void> {
  const input = join(dir, 'in')
  if (path !== input) await rename(path, input)
  await letIn(input)
}

/** Makes a file of a job's folder readable by the sandbox's user. What is a hard link is readable as it is. */
export async function letIn(path: string): Promise<void> {
  const { nlink, mode } = await stat(path)
  if (nlink === 1 && (mode & 0o444) !== 0o444) await chmod(path, 0o444)
}

/** A path of `program` that the sandbox's user can run from `dir`: itself where every folder above lets others pass,
 *  else a hard link inside (a copy where the disks differ), since a checkout below /root is closed to it. */
export async function bring(
  program: string,
  dir: string,
  otherUser: boolean,
  name = basename(program),
): Promise<string> {
  if (!otherUser || (await reachable(program))) return program
  const inside = join(dir, `bin-${name}`)
  await link(program, inside).catch(() => copyFile(program, inside))
  return `./${basename(inside)}`
}

async function reachable(path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}
