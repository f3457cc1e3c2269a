import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { findToolchain } from '../src/infrastructure/ffmpeg/toolchain.ts'

const run = promisify(execFile)

/** In seconds; `pos` in bytes of the file. */
export interface Packet {
  readonly dts: number
  readonly pts: number
  readonly duration: number
  readonly pos: number
}

/** Every packet of a track, as it lies in the file.  @param track as ffprobe selects it */
export async function readPackets(ffprobe: string, path: string, track: string): Promise<Packet[]> {
  const show = ['-select_streams', track, '-show_entries', 'packet=dts_time,pts_time,duration_time,pos']
  const { stdout } = await run(ffprobe, ['-v', 'error', ...show, '-of', 'json', path], { maxBuffer: 256 * 1024 ** 2 })
  return (JSON.parse(stdout).packets as Record<string, string>[]).map((packet) => ({
    dts: Number(packet.dts_time),
    pts: Number(packet.pts_time),
    duration: Number(packet.duration_time ?? 0),
    pos: Number(packet.pos),
  }))
}

/** The packets of a file's first track: how many, whether decoding times ever go back, and where more than a frame and a
 *  half lies between the times at which two are shown, in seconds. */
export async function packetsOf(path: string): Promise<{ count: number; goesBack: boolean; gaps: number[] }> {
  // npm's may have to be copied to be run: to where this user may write.
  const { ffprobe } = await findToolchain({ configured: undefined, binDir: join(dirname(path), 'bin') })
  const packets = await readPackets(ffprobe, path, '0')
  const goesBack = packets.some(({ dts }, at) => at > 0 && dts <= packets[at - 1]!.dts)
  const shown = packets.map(({ pts }) => pts).sort((one, other) => one - other)
  // The lead-in of a sound says nothing of how long it is.
  const frame = packets.find(({ duration }) => duration > 0)?.duration ?? 0
  const gaps = shown.filter((pts, at) => at > 0 && pts - shown[at - 1]! > 1.5 * frame)
  return { count: packets.length, goesBack, gaps }
}
