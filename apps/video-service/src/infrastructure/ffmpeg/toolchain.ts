import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, copyFile, mkdir, rename, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '@balcao/kernel'
import type { Abilities } from './ffmpeg-arguments.ts'

const run = promisify(execFile)
const windows = process.platform === 'win32'
const suffix = windows ? '.exe' : ''
const machine = `${process.platform}-${process.arch}`

/** The ffmpeg and ffprobe that jobs run, and what they can do. */
export interface Toolchain {
  readonly ffmpeg: string
  readonly ffprobe: string
  readonly abilities: Abilities
  /** An ffmpeg that measures VMAF, which need not be the one above: Debian's does not. */
  readonly vmaf: string | undefined
  /** First line of `ffmpeg -version`. */
  readonly version: string
  /** Old enough to deserve a warning that names the fix. */
  readonly outdated: boolean
}

export interface ToolchainOptions {
  /** `BALCAO_FFMPEG`: the only ffmpeg that makes films when it is set. */
  readonly configured: string | undefined
  /** Where executable copies are kept of binaries that npm left without their x bit. */
  readonly binDir: string
}

/** Whether a version line tells of 5.1 or later; builds from git count their commits (`N-107000` is near 5.1). */
export function isRecent(versionLine: string): boolean {
  const release = /version n?(\d+)\.(\d+)/.exec(versionLine)
  if (release) return Number(release[1]) > 5 || (Number(release[1]) === 5 && Number(release[2]) >= 1)
  return Number(/version N-(\d+)/.exec(versionLine)?.[1] ?? 0) >= 107_000
}

/** Whether a version line tells of 7 or later; builds from git are taken for older ones, which need no such filter. */
export const filtersInput = (versionLine: string): boolean => /version n?([7-9]|\d\d)\./.test(versionLine)

/** Where a program of this name lies on PATH. */
export async function onPath(name: string): Promise<string | undefined> {
  const asked = windows ? run('where.exe', [name]) : run('/bin/sh', ['-c', `command -v ${name}`])
  const found = await asked.then((answer) => answer.stdout.split('\n')[0]?.trim()).catch(() => undefined)
  return found || undefined
}

function inPackage(name: string, file: string): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), file + suffix)
  } catch {
    return undefined
  }
}

/** npm leaves a binary without its x bit where install scripts are off: then a copy with mode 0755 is used. */
async function madeRunnable(path: string, binDir: string): Promise<string> {
  const { size, mtimeMs, mode } = await stat(path)
  if (windows || (mode & 0o005) === 0o005) return path
  const id = createHash('sha256').update(`${path}:${size}:${mtimeMs}`).digest('hex').slice(0, 12)
  const copy = join(binDir, `${id}-${basename(path)}`)
  if ((await stat(copy).catch(() => undefined))?.size === size) return copy
  await mkdir(binDir, { recursive: true })
  const half = `${copy}.${process.pid}`
  await copyFile(path, half)
  await chmod(half, 0o755)
  await rename(half, copy)
  return copy
}

async function text(path: string, ...args: string[]): Promise<string> {
  return run(path, args, { maxBuffer: 1024 ** 2, timeout: 20_000 }).then(
    ({ stdout }) => stdout,
    () => '',
  )
}

type Found = Omit<Toolchain, 'ffprobe'>

async function tryFfmpeg(path: string, options: ToolchainOptions): Promise<Found | undefined> {
  const ffmpeg = await madeRunnable(path, options.binDir).catch(() => undefined)
  if (!ffmpeg) return undefined
  const [version, encoders, filters] = await Promise.all([
    text(ffmpeg, '-version'),
    text(ffmpeg, '-hide_banner', '-encoders'),
    text(ffmpeg, '-hide_banner', '-filters'),
  ])
  if (!version.startsWith('ffmpeg version') || !/ libx264 /.test(encoders)) return undefined
  const recent = isRecent(version)
  const zscale = / zscale /.test(filters) && / tonemap /.test(filters)
  const abilities = { processors: availableParallelism(), recent, filtersInput: filtersInput(version), zscale }
  const vmaf = / libvmaf /.test(filters) ? ffmpeg : undefined
  return { ffmpeg, abilities, vmaf, version: version.split('\n')[0]!, outdated: !recent }
}

async function findFfmpeg(options: ToolchainOptions): Promise<Found | undefined> {
  if (options.configured) return tryFfmpeg(options.configured, options)
  const installed = await onPath('ffmpeg')
  const own = installed && (await tryFfmpeg(installed, options))
  if (own && !own.outdated) return own
  for await (const found of fromNpm(options)) return found
  return own || undefined
}

async function* fromNpm(options: ToolchainOptions): AsyncGenerator<Found> {
  for (const scope of ['@ffmpeg-binary', '@ffmpeg-installer']) {
    const path = inPackage(`${scope}/${machine}`, 'ffmpeg')
    const found = path && (await tryFfmpeg(path, options))
    if (found) yield found
  }
}

async function findVmaf(options: ToolchainOptions): Promise<string | undefined> {
  for await (const { vmaf } of fromNpm(options)) if (vmaf) return vmaf
  return undefined
}

async function findFfprobe(ffmpeg: string, options: ToolchainOptions): Promise<string | undefined> {
  const candidates = [
    options.configured && join(dirname(ffmpeg), `ffprobe${suffix}`),
    await onPath('ffprobe'),
    inPackage(`@ffprobe-installer/${machine}`, 'ffprobe'),
  ]
  for (const candidate of candidates) {
    const path = candidate && (await madeRunnable(candidate, options.binDir).catch(() => undefined))
    if (path && (await text(path, '-version')).startsWith('ffprobe version')) return path
  }
  return undefined
}

/** Finds the tools: `BALCAO_FFMPEG`, else ffmpeg ≥ 5.1 on PATH, else the one npm brought.
 *  @throws AppError `video/ffmpeg_missing` with how to install it */
export async function findToolchain(options: ToolchainOptions): Promise<Toolchain> {
  const found = await findFfmpeg(options)
  const ffprobe = found && (await findFfprobe(found.ffmpeg, options))
  if (found && ffprobe) return { ...found, ffprobe, vmaf: found.vmaf ?? (await findVmaf(options)) }
  const missing = found
    ? 'No ffprobe was found.'
    : options.configured
      ? `BALCAO_FFMPEG=${options.configured} is not an ffmpeg with libx264 that runs here.`
      : 'No ffmpeg with libx264 was found.'
  throw new AppError(
    'unavailable',
    'video/ffmpeg_missing',
    `${missing} Videos wait until there is one: install ffmpeg 5.1 or later (Debian, Ubuntu: apt-get install ffmpeg; ` +
      'macOS: brew install ffmpeg; Windows: winget install ffmpeg), or run npm ci without --omit=optional, ' +
      'or set BALCAO_FFMPEG to its path.',
  )
}
