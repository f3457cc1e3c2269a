import { readFile } from 'node:fs/promises'
import type { LooseRendition, Packer, Places } from '../../application/ports/packer.ts'
import type { ByteRange } from '../../domain/playlist.ts'
import { box, u32, u64 } from '../iso/box.ts'
import { movieIndex } from './movie-index.ts'
import { SampleTable } from './sample-table.ts'
import { readSegment, type SegmentContent } from './segment-file.ts'
import { readTrackHeader, type TrackHeader } from './track-header.ts'
import { type Part, writeParts } from './write-parts.ts'

/** Packs fragments of ISO files (ISO/IEC 14496-12). */
export const isoPacker: Packer = { film: packFilm, rendition: packRendition }

async function packRendition({ initPath, segments }: LooseRendition, to: string, signal: AbortSignal): Promise<Places> {
  const place = new Placing()
  const init = await readFile(initPath)
  const track = readTrackHeader(init)
  const initRange = place.next(initPath, init.length)
  const ranges: ByteRange[] = []
  for (const { path } of segments) {
    signal.throwIfAborted()
    ranges.push(place.next(path, (await readSegment(path, track)).size))
  }
  await writeParts(to, [], place.parts, signal)
  return { init: initRange, segments: ranges }
}

/** The index (`moov`) first, then everything else in one `mdat`, so that the fragments' own boxes are nothing but bytes to
 *  those that were not told where they lie. Segments lie in the order in which they are shown. */
async function packFilm(renditions: readonly LooseRendition[], to: string, signal: AbortSignal): Promise<Places[]> {
  const place = new Placing()
  const tracks = await Promise.all(renditions.map(openTrack))
  const inits = tracks.map(({ initPath, initBytes }) => place.next(initPath, initBytes))
  for (;;) {
    signal.throwIfAborted()
    const [next] = tracks.filter((track) => track.next).sort((one, other) => one.seconds - other.seconds)
    if (!next) break
    await next.take((path, size) => place.next(path, size))
  }
  const index = movieIndex(tracks)
  const head = (mediaStart: number) => [fileType, index(mediaStart), mediaHeader(place.end)]
  // How long the index is depends on where the media end only in how wide it writes places.
  let mediaStart = 0
  for (let known = -1; known !== mediaStart; ) {
    known = mediaStart
    mediaStart = Buffer.concat(head(known)).length
  }
  await writeParts(to, head(mediaStart), place.parts, signal)
  const moved = ({ start, size }: ByteRange): ByteRange => ({ start: start + mediaStart, size })
  return tracks.map(({ ranges }, index) => ({ init: moved(inits[index]!), segments: ranges.map(moved) }))
}

const fileType = box('ftyp', Buffer.from('isom'), u32(512), Buffer.from('isomiso2iso4avc1mp41'))

/** Always with 64 bits of size. @param bytes of what it holds */
function mediaHeader(bytes: number): Buffer {
  return Buffer.concat([u32(1), Buffer.from('mdat'), u64(bytes + 16)])
}

/** Gives files their places, one behind the other. */
class Placing {
  readonly parts: Part[] = []
  end = 0

  next(path: string, size: number): ByteRange {
    const range = { start: this.end, size }
    this.parts.push({ path, size })
    this.end += size
    return range
  }
}

/** A rendition that is read segment by segment. */
class Track {
  readonly samples = new SampleTable()
  readonly ranges: ByteRange[] = []
  #read = 0
  next: (SegmentContent & { path: string }) | undefined

  constructor(
    readonly header: TrackHeader,
    readonly initPath: string,
    readonly initBytes: number,
    private readonly segments: LooseRendition['segments'],
  ) {}

  /** When the next segment begins, of the clock that all share. */
  get seconds(): number {
    const time = this.next?.fragments.find(({ decodeTime }) => decodeTime !== undefined)?.decodeTime
    return (time ?? this.samples.beginTicks + this.samples.ticks) / this.header.timescale
  }

  async take(place: (path: string, size: number) => ByteRange): Promise<void> {
    const { path, size, fragments } = this.next!
    const range = place(path, size)
    this.ranges.push(range)
    for (const fragment of fragments) this.samples.add(fragment, range.start)
    await this.look()
  }

  async look(): Promise<void> {
    const path = this.segments[this.#read++]?.path
    this.next = path === undefined ? undefined : { path, ...(await readSegment(path, this.header)) }
  }
}

async function openTrack({ initPath, segments }: LooseRendition): Promise<Track> {
  const init = await readFile(initPath)
  const track = new Track(readTrackHeader(init), initPath, init.length, segments)
  await track.look()
  return track
}
