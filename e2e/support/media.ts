import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
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

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '60', '-movflags', '+faststart']
const mpeg4 = ['-c:v', 'mpeg4', '-q:v', '3']

/** What is uploaded in the journeys, made when first asked for. */
export class Clips {
  readonly #made = new Map<string, string>()

  private constructor(readonly dir: string) {}

  static async open(): Promise<Clips> {
    return new Clips(await mkdtemp(join(tmpdir(), 'balcao-clips-')))
  }

  /** A real clip of a phone where Debian's package brought it, else a made one of the same kind. */
  get phone(): string {
    return existsSync(PHONE_CLIP) ? PHONE_CLIP : this.#make('celular.mp4', 8, '1280x720', h264)
  }
  /** 720p in a codec that browsers do not play: has to be encoded, to two rungs. */
  get toEncode(): string {
    return this.#make('praia em família.mkv', 12, '1280x720', mpeg4)
  }
  /** Its encoding takes long enough to be interrupted. */
  get long(): string {
    return this.#make('longo.mkv', 20, '1280x720', mpeg4)
  }
  /** 60 MB, four parts of 16 MiB, and yet soon encoded: its pictures are small and not compressed. */
  get large(): string {
    return this.#make('grande.mkv', 23, '320x180', ['-c:v', 'rawvideo'])
  }
  /** Served as it is: small, for many uploads. */
  get small(): string {
    return this.#make('curto.mp4', 2, '320x180', h264)
  }

  sizeOf(path: string): number {
    return statSync(path).size
  }

  remove(): Promise<void> {
    return rm(this.dir, { recursive: true, force: true })
  }

  #make(name: string, seconds: number, picture: string, video: readonly string[]): string {
    const path = this.#made.get(name) ?? join(this.dir, name)
    if (this.#made.has(name)) return path
    execFileSync(ffmpeg(), [
      ...['-v', 'error', '-y'],
      ...['-f', 'lavfi', '-i', `testsrc2=rate=30:duration=${seconds}:size=${picture}`],
      ...['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`],
      ...['-pix_fmt', 'yuv420p', '-threads', '2', ...video, '-c:a', 'aac', '-shortest', path],
    ])
    this.#made.set(name, path)
    return path
  }
}
