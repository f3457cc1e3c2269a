import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { findToolchain } from '../src/infrastructure/ffmpeg/toolchain.ts'

const run = promisify(execFile)

/** The packets of a file's first track: how many, whether decoding times ever go back, and where more than a frame and a
 *  half lies between the times at which two are shown, in seconds. */
export async function packetsOf(path: string): Promise<{ count: number; goesBack: boolean; gaps: number[] }> {
  const show = ['-show_entries', 'packet=pts_time,dts_time,duration_time', '-select_streams', '0', '-of', 'csv=p=0']
  // npm's may have to be copied to be run: to where this user may write.
  const { ffprobe } = await findToolchain({ configured: undefined, binDir: join(dirname(path), 'bin') })
  const { stdout } = await run(ffprobe, ['-v', 'error', ...show, path], { maxBuffer: 64 * 1024 ** 2 })
  const packets = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number) as [pts: number, dts: number, duration: number])
  const goesBack = packets.some(([, dts], at) => at > 0 && dts <= packets[at - 1]![1])
  const shown = packets.map(([pts]) => pts).sort((one, other) => one - other)
  const frame = packets[0]?.[2] ?? 0
  const gaps = shown.filter((pts, at) => at > 0 && pts - shown[at - 1]! > 1.5 * frame)
  return { count: packets.length, goesBack, gaps }
}
