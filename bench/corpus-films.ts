import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { hevc } from './films.ts'
import { runProgram } from './tools.ts'

export interface CorpusFilm {
  /** By which results name it. */
  readonly name: string
  readonly path: string
}

/** Films are fetched or made once for each machine. */
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'balcao', 'corpus')

/** Films that nobody here made, in packages of Debian, each with what it stands for. */
const real = [
  ['phone', 'forensics-samples-files', 'movie1/VID_20191220_170832.mp4'],
  ['camera', 'forensics-samples-files', 'movie2/movie-hello.mp4'],
  ['street, 10 fps', 'opencv-doc', 'examples/data/vtest.avi'],
  ['cartoon, AC-3', 'opencv-doc', 'examples/data/Megamind.avi'],
  ['title card, 5.1', 'janus-demos', 'surround/ChID-BLITS-EBU.mp4'],
  ['rabbit', 'golang-github-gabriel-vasile-mimetype-dev', 'mimetype/testdata/mkv.mkv'],
  ['ball', 'python3-mecavideo', 'pymecavideo/data/video/balle-jbart.mp4'],
  ['planet, 10 fps', 'python3-mecavideo', 'pymecavideo/data/video/retroMars2018.avi'],
] as const

const h264 = ['-c:v', 'libx264', '-preset', 'medium', '-crf', '20', '-g', '60', '-pix_fmt', 'yuv420p']
const noise = 'noise=alls=12:allf=t'
const tone = (seconds: number) => ['-f', 'lavfi', '-i', `sine=440:r=48000:d=${seconds}`, '-c:a', 'aac']

/** Films made by script, each of a kind that costs bits in its own way. */
const made: Readonly<Record<string, { picture: string; seconds: number; file: string; options: readonly string[] }>> = {
  'zoom, HEVC': {
    picture: 'mandelbrot=s=1920x1080:r=30',
    seconds: 12,
    file: 'zoom.mov',
    options: [...hevc, '-crf', '24'],
  },
  'grain, HEVC': {
    picture: `mandelbrot=s=1280x720:r=25,${noise}`,
    seconds: 10,
    file: 'grain.mov',
    options: [...hevc, '-crf', '26'],
  },
  'screen, 10 fps': {
    picture: 'testsrc2=s=1280x720:r=10',
    seconds: 20,
    file: 'screen.mkv',
    options: ['-c:v', 'libvpx', '-b:v', '800k', '-deadline', 'realtime'],
  },
  cells: {
    picture:
      'life=s=320x180:mold=10:r=15:ratio=0.1:death_color=#C83232:life_color=#00ff00,scale=1280:720:flags=neighbor',
    seconds: 12,
    file: 'cells.mkv',
    options: ['-c:v', 'mpeg4', '-q:v', '4'],
  },
  'zoom, served as it is': {
    picture: 'mandelbrot=s=1280x720:r=30',
    seconds: 12,
    file: 'served.mp4',
    options: [...h264, '-movflags', '+faststart'],
  },
  'zoom, remuxed': { picture: 'mandelbrot=s=1280x720:r=30', seconds: 12, file: 'remuxed.mkv', options: h264 },
}

/** The named corpus. What cannot be fetched is left out. @param ffmpeg that makes what is made */
export async function corpus(ffmpeg: string): Promise<CorpusFilm[]> {
  const films: CorpusFilm[] = []
  for (const [name, pkg, file] of real) {
    const path = await ofPackage(pkg, file).catch((error: unknown) =>
      console.log(`left out: ${name} of ${pkg}: ${error}`),
    )
    if (path) films.push({ name, path })
  }
  for (const [name, { picture, seconds, file, options }] of Object.entries(made)) {
    const path = join(cache, 'made', file)
    if (!existsSync(path)) {
      await mkdir(join(cache, 'made'), { recursive: true })
      const source = ['-f', 'lavfi', '-i', `${picture},trim=duration=${seconds}`]
      // Whole or not at all.
      const half = join(cache, 'made', `half-${file}`)
      await runProgram(ffmpeg, ['-v', 'error', '-y', ...source, ...tone(seconds), ...options, half], cache)
      await rename(half, path)
    }
    films.push({ name, path })
  }
  return films
}

/** A file of a package that is installed, or is fetched and unpacked without being installed. */
async function ofPackage(pkg: string, file: string): Promise<string> {
  const dir = join(cache, 'debian', pkg)
  if (!existsSync(dir)) {
    await mkdir(join(cache, 'debian'), { recursive: true })
    const half = await mkdtemp(join(cache, 'debian', 'half-'))
    try {
      await runProgram('apt-get', ['download', '-qq', pkg], half)
      await runProgram('sh', ['-c', 'dpkg-deb -x ./*.deb . && rm ./*.deb'], half)
      await rename(half, dir)
    } finally {
      await rm(half, { recursive: true, force: true })
    }
  }
  const found = await runProgram('find', ['.', '-type', 'f', '-name', basename(file)], dir)
  const path = found.split('\n').find((line) => line.endsWith(file))
  if (!path) throw new Error(`it has no ${file}`)
  return join(dir, path)
}
