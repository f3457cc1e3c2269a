import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
/** A clip of an Android phone, from Debian's forensics-samples-files: variable frame rate, a place in its metadata. */
const PHONE_CLIP = '/usr/share/forensics-samples/original-files/movie1/VID_20191220_170832.mp4'

/** The program that the product itself would use on this machine. */
function ffmpeg(): string {
  if (process.env.BALCAO_FFMPEG) return process.env.BALCAO_FFMPEG
  const onPath = (process.env.PATH ?? '').split(':').map((dir) => join(dir, 'ffmpeg'))
  const brought = join(root, 'node_modules', '@ffmpeg-binary', 'linux-x64', 'ffmpeg')
  return [...onPath, brought].find(existsSync) ?? 'ffmpeg'
}

export interface Clips {
  /** A real clip of a phone where Debian's package brought it, else a made one of the same kind. */
  readonly phone: string
  /** 720p in a codec that browsers do not play: has to be encoded, to two rungs. */
  readonly toEncode: string
  /** Long enough that its encoding can be watched and interrupted. */
  readonly long: string
  /** Served as it is: small, for many uploads. */
  readonly small: string
  remove(): Promise<void>
}

/** Makes what is uploaded in the journeys. */
export async function makeClips(): Promise<Clips> {
  const dir = await mkdtemp(join(tmpdir(), 'balcao-clips-'))
  const make = (name: string, seconds: number, size: string, video: readonly string[]) => {
    const path = join(dir, name)
    execFileSync(ffmpeg(), [
      ...['-v', 'error', '-y'],
      ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=30:duration=${seconds}`],
      ...['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`],
      ...['-pix_fmt', 'yuv420p', '-threads', '2', ...video, '-c:a', 'aac', '-shortest', path],
    ])
    return path
  }
  const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '60', '-movflags', '+faststart']
  const mpeg4 = ['-c:v', 'mpeg4', '-q:v', '6']
  return {
    phone: existsSync(PHONE_CLIP) ? PHONE_CLIP : make('celular.mp4', 8, '1280x720', h264),
    toEncode: make('praia em família.mkv', 12, '1280x720', mpeg4),
    long: make('longo.mkv', 60, '1280x720', mpeg4),
    small: make('curto.mp4', 2, '320x180', h264),
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}
