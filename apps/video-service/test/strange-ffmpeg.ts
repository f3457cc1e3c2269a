import { chmod, copyFile, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FfmpegTranscoder } from '../src/infrastructure/ffmpeg/ffmpeg-transcoder.ts'

/** Makes programs that stand in for ffmpeg. @param dir in which they lie, open to the sandbox's user from now on
 *  @param workDir of the transcoder */
export async function openStrangeFfmpeg(dir: string, workDir: string) {
  const tools = await openTools(dir, workDir)
  /** An ffmpeg that runs `script` instead of a pass, with `$real` for the true one, and answers questions truly. */
  return async (name: string, script: string): Promise<string> => {
    const made = await mkdtemp(join(dir, name))
    // As its folder, it must be open to the user of the sandbox.
    await chmod(made, 0o755)
    const path = join(made, 'ffmpeg')
    const ask = `case "$*" in *-version*|*-encoders*|*-filters*) exec ${tools.ffmpeg} "$@";; esac`
    await writeFile(path, `#!/bin/sh\nreal=${tools.ffmpeg}\n${ask}\n${script}\n`)
    await writeFile(join(made, 'ffprobe'), `#!/bin/sh\nexec ${tools.ffprobe} "$@"\n`)
    await chmod(path, 0o755)
    await chmod(join(made, 'ffprobe'), 0o755)
    return path
  }
}

/** The true tools where the sandbox's user may run them: npm's ffprobe needs a copy, and that lies in a closed folder. */
async function openTools(dir: string, workDir: string): Promise<{ ffmpeg: string; ffprobe: string }> {
  const found = await new FfmpegTranscoder({ configured: undefined, workDir }).tools()
  await chmod(dir, 0o755)
  const [ffmpeg, ffprobe] = [join(dir, 'true-ffmpeg'), join(dir, 'true-ffprobe')]
  for (const [from, to] of [
    [found.ffmpeg, ffmpeg],
    [found.ffprobe, ffprobe],
  ] as const) {
    await copyFile(from, to)
    await chmod(to, 0o755)
  }
  return { ffmpeg, ffprobe }
}
