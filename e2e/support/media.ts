import { execFileSync } from 'node:child_process'
import { existsSync, statSync, writeFileSync } from 'node:fs'
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

  /** Each of its frames is of another grey than the nine before it. It has to be encoded. */
  get frames(): string {
    const greys = "geq=lum='16+20*mod(N,10)':cb=128:cr=128"
    return this.#make('cinzas.mkv', 8, '640x360', [...mpeg4, '-vf', greys])
  }

  /** Two languages and a commentary to hear, two to read, and two chapters. */
  get languages(): string {
    const srt = (hi: string, bye: string) =>
      `1\n00:00:00,500 --> 00:00:02,000\n${hi}\n\n2\n00:00:04,000 --> 00:00:06,000\n${bye}\n`
    const chapter = (start: number, title: string) =>
      `[CHAPTER]\nTIMEBASE=1/1\nSTART=${start}\nEND=${start + 4}\ntitle=${title}\n`
    const beside = {
      'pt.srt': srt('Bom dia.', 'Até <i>logo</i>.'),
      'en.srt': srt('Good morning.', 'See you.'),
      'chapters.txt': `;FFMETADATA1\n${chapter(0, 'Começo')}${chapter(4, 'Fim')}`,
    }
    for (const [name, text] of Object.entries(beside)) writeFileSync(join(this.dir, name), text)
    const tone = (hertz: number) => ['-f', 'lavfi', '-i', `sine=frequency=${hertz}:duration=8`]
    const texts = Object.keys(beside).flatMap((name) => ['-i', join(this.dir, name)])
    const inputs = [...tone(440), ...tone(660), ...tone(220), ...texts]
    const maps = [0, 1, 2, 3, 4, 5].flatMap((input) => ['-map', String(input)])
    const told = ['a:0=por', 'a:1=eng', 'a:2=eng', 's:0=por', 's:1=eng'].flatMap((track) => {
      const [at, language] = track.split('=')
      return [`-metadata:s:${at}`, `language=${language}`]
    })
    const roles = [
      ...['-metadata:s:a:2', 'title=The director', '-disposition:a:0', 'default', '-disposition:a:1', '0'],
      ...['-disposition:a:2', 'comment', '-disposition:s:0', 'default', '-disposition:s:1', 'hearing_impaired'],
    ]
    const file = join(this.dir, 'em duas línguas.mkv')
    if (existsSync(file)) return file
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=rate=30:duration=8:size=640x360']
    const codecs = [...h264.slice(0, -2), '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-c:s', 'srt']
    const all = [...picture, ...inputs, ...maps, '-map_chapters', '6', ...told, ...roles, ...codecs]
    execFileSync(ffmpeg(), ['-v', 'error', '-y', ...all, file])
    return file
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
