import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findToolchain, type Toolchain } from '../apps/video-service/src/infrastructure/ffmpeg/toolchain.ts'

/** The ffmpeg and ffprobe that the product would use here. */
export async function productTools(): Promise<Toolchain> {
  const binDir = await mkdtemp(join(tmpdir(), 'balcao-bin-'))
  return findToolchain({ configured: process.env.BALCAO_FFMPEG, binDir })
}

/** Runs a program to its end. @returns what it said  @throws Error with that where it fails */
export function runProgram(program: string, args: readonly string[], cwd: string): Promise<string> {
  const child: ChildProcess = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(said) : reject(new Error(`${program} ${args.join(' ')}: ${said}`)),
    )
  })
}
