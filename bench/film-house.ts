import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { objectStore } from '@balcao/object-store'
import { FilmJobs } from '../apps/video-service/src/application/processing/film-jobs.ts'
import { ProcessVideo } from '../apps/video-service/src/application/processing/process-video.ts'
import { FfmpegTranscoder } from '../apps/video-service/src/infrastructure/ffmpeg/ffmpeg-transcoder.ts'
import { type House, openHouse, processAll, uploadFile } from '../apps/video-service/test/support.ts'
import { readPlaylist, renditionsOf } from '../e2e/soak/playlist.ts'
import { seconds } from './record.ts'

const PERSON = 'ana'

/** The worker's own code on the embedded store and database, in this process and without the queue. */
export class FilmHouse {
  private constructor(
    private readonly house: House,
    private readonly worker: ProcessVideo,
    /** For whatever a bench writes. */
    readonly dir: string,
  ) {}

  static async open(): Promise<FilmHouse> {
    const dir = await mkdtemp(join(tmpdir(), 'balcao-bench-'))
    const house = await openHouse({ store: objectStore })
    const worker = new ProcessVideo({
      ...house.need,
      transcoder: new FfmpegTranscoder({
        configured: process.env.BALCAO_FFMPEG,
        workDir: join(house.platform.config.dataDir, 'work'),
      }),
      filmJobs: new FilmJobs(house.need),
      onStumble: (_, error) => console.log(error),
    })
    return new FilmHouse(house, worker, dir)
  }

  /** Sends a film and makes it. @returns its id, and the seconds from the claim to the commit */
  async make(film: string): Promise<{ id: string; wall: number }> {
    const { id, jobId } = await uploadFile(this.house, PERSON, film)
    const wall = await seconds(() => processAll(this.worker, jobId, new AbortController().signal))
    const { state, problem } = (await this.house.as(PERSON)('GET', `/videos/${id}`)).body
    if (state !== 'ready') throw new Error(`${film}: ${state} ${problem?.code}`)
    await this.house.video.tidyVideo.run(jobId)
    // As if whoever watched it while it was made had seen it to its end.
    await this.house.platform.sql.run(
      `update attempts set loose_until = now() - interval '1 day' where loose_until is not null`,
    )
    await this.house.video.sweepLooseSegments.run()
    return { id, wall }
  }

  /** Bytes that are stored for the only film there is, what was sent apart where it lies beside what was made. */
  async stored(): Promise<{ outputs: number; original: number }> {
    const below = async (prefix: string) => {
      let sum = 0
      for await (const { size } of this.house.need.media.list(prefix)) sum += size
      return sum
    }
    return { outputs: await below('output/'), original: await below('archive/') }
  }

  /** The best picture of a film, as a player gets it. @returns the path of one file */
  async top(id: string): Promise<string> {
    const { body } = await this.house.as(PERSON)('GET', `/videos/${id}/playback`)
    const home = new URL(body.url, this.house.origin).href
    const master = await (await fetch(home)).text()
    // Pictures stand after the sound, the best first.
    const variants = renditionsOf(master.replaceAll(/^#EXT-X-MEDIA.*$/gm, ''), home)
    const { init, segments } = readPlaylist(await (await fetch(variants[0]!)).text(), variants[0]!)
    const bytes: Buffer[] = []
    for (const { url, range } of [init!, ...segments])
      bytes.push(Buffer.from(await (await fetch(url, range ? { headers: { range } } : {})).arrayBuffer()))
    const path = join(this.dir, `${id}.mp4`)
    await writeFile(path, Buffer.concat(bytes))
    return path
  }

  /** Everything that films left in the store. */
  async empty(): Promise<void> {
    await this.house.need.media.deleteBelow('')
  }

  async close(): Promise<void> {
    await this.house.close()
    await rm(this.dir, { recursive: true, force: true })
  }
}
