import { execFile } from 'node:child_process'
import { appendFile, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findToolchain } from '../src/infrastructure/ffmpeg/toolchain.ts'

const run = promisify(execFile)

/** A folder of small films, made on the spot by the ffmpeg that jobs use. */
export async function openClips() {
  const dir = await mkdtemp(join(tmpdir(), 'balcao-clips-'))
  const { ffmpeg } = await findToolchain({ configured: undefined, binDir: join(dir, 'bin') })
  const path = (name: string) => join(dir, name)
  return {
    path,
    /** A film of `seconds` with a test picture and a tone. @param options of the output, after the inputs */
    async film(
      name: string,
      options: readonly string[],
      { seconds = 3, size = '320x240', rate = 30, silent = false } = {},
    ) {
      const picture = ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${seconds}`]
      const sound = silent ? [] : ['-f', 'lavfi', '-i', `sine=440:r=48000:d=${seconds}`]
      await run(ffmpeg, ['-v', 'error', '-y', ...picture, ...sound, ...options, path(name)])
      return path(name)
    },
    /** Anything else that ffmpeg can write. */
    async made(name: string, args: readonly string[]) {
      await run(ffmpeg, ['-v', 'error', '-y', ...args, path(name)], { cwd: dir })
      return path(name)
    },
    async text(name: string, content: string | Buffer) {
      await writeFile(path(name), content)
      return path(name)
    },
    /** The film without its end. @param share of the bytes that stay, 0 … 1 */
    async cut(name: string, share: number) {
      const file = await open(path(name))
      const { size } = await file.stat()
      await file.close()
      await truncate(path(name), Math.floor(size * share))
      return path(name)
    },
    /** One file after the other. @param parts their paths */
    async joined(name: string, parts: readonly string[]) {
      return this.text(name, Buffer.concat(await Promise.all(parts.map((part) => readFile(part)))))
    },
    /** The film without its beginning. @param share of the bytes that go, 0 … 1 */
    async tail(name: string, share: number) {
      const bytes = await readFile(path(name))
      return this.text(name, bytes.subarray(Math.floor(bytes.length * share)))
    },
    /** The file with zeros in it. @param from and @param to shares of its bytes, 0 … 1 */
    async zeroed(name: string, from: number, to: number) {
      const bytes = await readFile(path(name))
      return this.text(name, bytes.fill(0, Math.floor(bytes.length * from), Math.floor(bytes.length * to)))
    },
    /** The MP4 with zeros for samples. */
    async emptied(name: string) {
      const bytes = await readFile(path(name))
      return this.text(name, bytes.fill(0, bytes.indexOf('mdat') + 4))
    },
    /** The Matroska file with a track that says to be of another codec. */
    async relabelled(name: string, from: string, to: string) {
      const bytes = await readFile(path(name))
      bytes.write(to, bytes.indexOf(from))
      return this.text(name, bytes)
    },
    /** The MP4 with a display matrix that turns its picture a quarter (ISO/IEC 14496-12 §8.3.2). */
    async turned(name: string) {
      const bytes = await readFile(path(name))
      const matrix = bytes.indexOf('tkhd') + 4 + 40
      const quarter = [0, 0x10000, 0, -0x10000, 0, 0, 240 * 0x10000, 0, 0x40000000]
      for (const [at, value] of quarter.entries()) bytes.writeInt32BE(value, matrix + 4 * at)
      return this.text(name, bytes)
    },
    /** The MP4 with one more box at its end. */
    async addBox(name: string, type: string, content: string) {
      const head = Buffer.alloc(8)
      head.writeUInt32BE(8 + content.length)
      head.write(type, 4)
      await appendFile(path(name), Buffer.concat([head, Buffer.from(content)]))
    },
    async holds(name: string, text: string) {
      return (await readFile(path(name))).includes(text)
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}

/** H.264 with a key frame every second, as phones and screen recorders write it. */
export const h264 = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-profile:v',
  'high',
  '-pix_fmt',
  'yuv420p',
  '-g',
  '30',
  '-c:a',
  'aac',
]
