import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Needs } from '../needs.ts'
import type { PackedRendition } from '../ports/packed.ts'
import type { LocalRendition, Places } from '../ports/packer.ts'
import { isSound } from './announced.ts'

/** A file that is an MP4 to download, as well as the segments of what it was packed from. */
export interface PackedFilm {
  readonly mp4: { readonly key: string; readonly size: number }
  readonly packed: readonly PackedRendition[]
}

/** Puts the renditions of a film that is whole into few objects: a file of two hours is thousands of segments. What is
 *  packed is removed from this machine. */
export class PackRenditions {
  constructor(
    private readonly need: Pick<Needs, 'packer' | 'media'>,
    /** Where files are made. */
    private readonly dir: string,
    /** The key of a packed file by its name. */
    private readonly keyOf: (file: string) => string,
    private readonly signal: AbortSignal,
  ) {}

  /** The best picture and the sounds, or only these, in one file.  @param check throws where the MP4 is no good */
  async film(renditions: readonly LocalRendition[], check: (path: string) => Promise<void>): Promise<PackedFilm> {
    const name = renditions.every(({ name }) => isSound(name)) ? 'audio.m4a' : 'video.mp4'
    const path = join(this.dir, `packed-${name}`)
    const places = await this.need.packer.film(renditions, path, this.signal)
    await check(path)
    const mp4 = await this.#store(path, name, renditions)
    return { mp4, packed: renditions.map((rendition, index) => packedOf(rendition, mp4.key, places[index]!)) }
  }

  /** One rendition in a file of its own. */
  async alone(rendition: LocalRendition): Promise<PackedRendition> {
    const name = `${rendition.name}.mp4`
    const path = join(this.dir, `packed-${name}`)
    const places = await this.need.packer.rendition(rendition, path, this.signal)
    const { key } = await this.#store(path, name, [rendition])
    return packedOf(rendition, key, places)
  }

  async #store(path: string, name: string, renditions: readonly LocalRendition[]) {
    // First, since the disk would else hold all of it twice.
    for (const { path } of renditions.flatMap(({ segments }) => segments)) await rm(path)
    const { size } = await stat(path)
    const key = this.keyOf(`packed/${name}`)
    const type = renditions.every((rendition) => isSound(rendition.name)) ? 'audio/mp4' : 'video/mp4'
    await this.need.media.put(key, { path }, type)
    await rm(path)
    return { key, size }
  }
}

const packedOf = ({ name, segments }: LocalRendition, key: string, places: Places): PackedRendition => ({
  ...{ name, key, init: places.init },
  segments: segments.map(({ durationSeconds }, index) => ({ range: places.segments[index]!, durationSeconds })),
})
