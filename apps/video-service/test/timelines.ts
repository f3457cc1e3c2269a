import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { findToolchain } from '../src/infrastructure/ffmpeg/toolchain.ts'
import { type Packet, readPackets } from './packets.ts'
import type { House } from './support.ts'

const run = promisify(execFile)
const BIG = { maxBuffer: 256 * 1024 ** 2 }

/** A track of an output, as players read it: times in seconds. */
interface Track {
  readonly what: string
  readonly kind: 'video' | 'audio'
  readonly path: string
  readonly packets: readonly Packet[]
  /** In the file, where each segment begins. */
  readonly cuts: readonly number[]
}

interface Row {
  readonly name: string
  readonly kind: 'video' | 'audio'
  readonly init_key: string
  readonly keys: string[]
}

/** Brings what was made of a video onto this disk: every rendition in one piece, and the MP4.  @param use reads it */
export async function withOutputs(house: House, id: string, use: (made: Outputs) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'balcao-made-'))
  try {
    const tools = await findToolchain({ configured: undefined, binDir: join(dir, 'bin') })
    const bucket = house.platform.objects.bucket(house.platform.config.store.mediaBucket)
    const bytesOf = async (key: string) => buffer(await bucket.get(key))
    const rows = await house.platform.sql.query<Row>(
      `select r.name, r.kind, r.init_key, array_agg(s.key order by s.number) as keys
       from videos v join renditions r on r.video_id = v.id and r.attempt = v.play_attempt
       join segments s on s.video_id = v.id and s.attempt = r.attempt and s.rendition = r.name
       where v.id = $1 group by r.name, r.kind, r.init_key order by r.kind desc, r.name`,
      [id],
    )
    const tracks: Track[] = []
    for (const { name, kind, init_key, keys } of rows) {
      const parts = await Promise.all([init_key, ...keys].map(bytesOf))
      const path = join(dir, `${name}.mp4`)
      await writeFile(path, Buffer.concat(parts))
      let at = 0
      const cuts = parts.map((part) => (at += part.length)).slice(0, -1)
      tracks.push({ what: name, kind, path, cuts, packets: await readPackets(tools.ffprobe, path, `${kind[0]}:0`) })
    }
    const mp4 = join(dir, 'film.mp4')
    const row = await house.platform.sql.first<{ mp4_key: string }>('select mp4_key from videos where id = $1', [id])
    await writeFile(mp4, await bytesOf(row!.mp4_key))
    for (const kind of new Set(tracks.map((track) => track.kind)))
      tracks.push({
        what: `MP4 ${kind}`,
        kind,
        path: mp4,
        cuts: [],
        packets: await readPackets(tools.ffprobe, mp4, `${kind[0]}:0`),
      })
    await use(new Outputs(tracks, tools.ffmpeg))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

export class Outputs {
  constructor(
    readonly tracks: readonly Track[],
    private readonly ffmpeg: string,
  ) {}

  /** No time goes back, and each segment begins where the one before it ended, within a frame. */
  expectGoodTimes(): void {
    for (const { what, packets, cuts, kind } of this.tracks) {
      const backwards = packets.filter(({ dts }, at) => at > 0 && dts <= packets[at - 1]!.dts)
      expect({ what, backwards }).toEqual({ what, backwards: [] })
      const steps = packets.slice(1).map(({ dts }, at) => dts - packets[at]!.dts)
      const usual = steps.sort((one, other) => one - other)[Math.floor(steps.length / 2)] ?? 0
      const frame = Math.max(kind === 'audio' ? 0.05 : usual, ...packets.map(({ duration }) => duration))
      const apart = cuts.slice(1).map((cut) => {
        const next = packets.findIndex(({ pos }) => pos >= cut)
        const before = packets[next - 1]!
        return packets[next]!.dts - (before.dts + before.duration)
      })
      expect({ what, apart: apart.filter((gap) => Math.abs(gap) > frame + 0.001) }).toEqual({ what, apart: [] })
    }
  }

  /** Seconds of the longest segment of any rendition. */
  get longestSegment(): number {
    return Math.max(
      ...this.tracks.flatMap(({ packets, cuts }) =>
        cuts.map((cut, at) => {
          const inside = packets.filter(({ pos }) => pos >= cut && pos < (cuts[at + 1] ?? Number.POSITIVE_INFINITY))
          return inside.at(-1)!.dts + inside.at(-1)!.duration - inside[0]!.dts
        }),
      ),
    )
  }

  /** The moments at which a track turns white, or a tone begins, in seconds, after its own beginning. */
  async signals(what: string): Promise<number[]> {
    const track = this.tracks.find((each) => each.what === what)!
    const filter =
      track.kind === 'video'
        ? ['-map', '0:v:0', '-vf', 'blackdetect=d=0.05:pix_th=0.4:pic_th=0.9']
        : ['-map', '0:a:0', '-af', 'silencedetect=n=-30dB:d=0.1']
    const args = ['-hide_banner', '-nostats', '-copyts', '-i', track.path, ...filter, '-f', 'null', '-']
    const { stderr } = await run(this.ffmpeg, args, BIG)
    const end = Math.max(...track.packets.map(({ pts, duration }) => pts + duration))
    return [...stderr.matchAll(/(?:black_end|silence_end): ?([\d.]+)/g)]
      .map(([, time]) => Number(time))
      .filter((time) => time < end - 0.1)
  }

  /** Flashes and tones of a film that has both at the same moments are so in the renditions and the MP4.
   *  @param seconds apart at the most: ITU-R BT.1359 sees 45 ms early or 125 ms late */
  async expectSync(count: number, seconds = 0.09): Promise<void> {
    const pictures = this.tracks.filter(({ kind }) => kind === 'video').map(({ what }) => what)
    for (const what of pictures) {
      const [flashes, tones] = await Promise.all([
        this.signals(what),
        this.signals(what.startsWith('MP4') ? 'MP4 audio' : 'audio'),
      ])
      const apart = flashes.map((flash) => Math.min(...tones.map((tone) => Math.abs(tone - flash))))
      const told = { what, flashes, tones }
      expect({ ...told, enough: flashes.length >= count && tones.length >= count }).toEqual({ ...told, enough: true })
      expect({ ...told, apart: apart.filter((gap) => gap > seconds) }).toEqual({ ...told, apart: [] })
    }
  }
}
