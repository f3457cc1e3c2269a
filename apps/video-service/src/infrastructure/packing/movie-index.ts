import { box, fits32, fullBox, u32, wide } from '../iso/box.ts'
import type { SampleTable } from './sample-table.ts'
import type { TrackHeader } from './track-header.ts'

/** Ticks a second of the film's own clock: no 32 bits are used up within 13 hours. */
const MOVIE_TIMESCALE = 90_000
/** Seconds. The first samples of AAC only prepare its decoder: 1,024 of them, or 2,112. */
const PRIMING = 0.05
/** The matrix that leaves a picture as it is (ISO/IEC 14496-12 §8.2.2). */
const unity = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
/** Flags of a track (§8.3.2): what plays where nobody chooses is enabled, others of its kind are only there. */
const IN_MOVIE = 2
const ENABLED_IN_MOVIE = 3

export interface IndexedTrack {
  readonly header: TrackHeader
  readonly samples: SampleTable
}

/** The `moov` of an MP4 out of the samples of fragments (§8.2): its tracks are shown against each other as HLS shows
 *  them, and the first of them at once.
 *  @returns it for media that begin at a place of the file */
export function movieIndex(tracks: readonly IndexedTrack[]): (mediaStart: number) => Buffer {
  const begin = beginOf(tracks)
  const indexed = tracks.map(({ header, samples }) => {
    const edit = editOf({ header, samples }, begin)
    return { header, samples, edit, tables: samples.end() }
  })
  const duration = Math.max(...indexed.map(({ edit }) => edit.empty + edit.duration))
  return (mediaStart) =>
    box(
      'moov',
      movieHeader(duration, tracks.length + 1),
      ...indexed.map((track, index) => trackBox(track, index + 1, isFirst(indexed, index), mediaStart)),
    )
}

/** Seconds of the fragments' clock at which the film begins. Sound that begins so little before the picture is priming,
 *  which is decoded and not heard. */
function beginOf(tracks: readonly IndexedTrack[]): number {
  const [picture, first] = [
    tracks.find(({ header }) => header.kind === 'picture'),
    Math.min(...tracks.map((track) => shownAt(track, track.samples.shown.begin))),
  ]
  const pictureBegin = picture ? shownAt(picture, picture.samples.shown.begin) : first
  return pictureBegin - first <= PRIMING ? pictureBegin : first
}

/** Seconds of the fragments' clock at which HLS shows a moment of a track's table. */
const shownAt = ({ header, samples }: IndexedTrack, ticks: number) =>
  (samples.beginTicks + header.shift + ticks) / header.timescale

interface Edit {
  /** Ticks of the movie in which there is nothing yet. */
  readonly empty: number
  /** Ticks of the track at which it is shown from. */
  readonly mediaTime: number
  /** Ticks of the movie. */
  readonly duration: number
}

function editOf(track: IndexedTrack, begin: number): Edit {
  const { header, samples } = track
  const { shown } = samples
  const late = shownAt(track, shown.begin) - begin
  const mediaTime = Math.max(0, shown.begin + Math.max(0, Math.round(-late * header.timescale)))
  return {
    empty: Math.round(Math.max(0, late) * MOVIE_TIMESCALE),
    mediaTime,
    // Rounded down it would cost the last frame.
    duration: Math.ceil((Math.max(0, shown.end - mediaTime) * MOVIE_TIMESCALE) / header.timescale),
  }
}

function movieHeader(duration: number, nextTrack: number): Buffer {
  const version = fits32(duration) ? 0 : 1
  const times = [wide(version, 0), wide(version, 0), u32(MOVIE_TIMESCALE), wide(version, duration)]
  // Normal speed, full volume; nobody is told when it was made.
  return fullBox('mvhd', version, ...times, u32(0x10000, 0x1000000, 0, 0), unity, Buffer.alloc(24), u32(nextTrack))
}

type Tables = ReturnType<SampleTable['end']>

/** Of its kind. */
const isFirst = (tracks: readonly IndexedTrack[], index: number) =>
  tracks.findIndex(({ header }) => header.kind === tracks[index]!.header.kind) === index

function trackBox(
  track: IndexedTrack & { edit: Edit; tables: Tables },
  id: number,
  enabled: boolean,
  mediaStart: number,
): Buffer {
  const { header, samples, edit, tables } = track
  return box(
    'trak',
    trackHeader(header, edit, id, enabled),
    box('edts', editList(edit)),
    box(
      'mdia',
      mediaHeader(header, samples.ticks),
      header.handler,
      box(
        'minf',
        ...header.mediaInformation,
        box('stbl', header.sampleDescription, ...sampleBoxes(tables, mediaStart)),
      ),
    ),
  )
}

function trackHeader({ appearance }: TrackHeader, { empty, duration }: Edit, id: number, enabled: boolean): Buffer {
  const version = fits32(empty + duration) ? 0 : 1
  const times = [wide(version, 0), wide(version, 0), u32(id, 0), wide(version, empty + duration), Buffer.alloc(8)]
  return box('tkhd', u32(version * 2 ** 24 + (enabled ? ENABLED_IN_MOVIE : IN_MOVIE)), ...times, appearance)
}

/** §8.6.6. */
function editList({ empty, mediaTime, duration }: Edit): Buffer {
  const version = fits32(empty, duration, mediaTime * 2) ? 0 : 1
  const none = Buffer.alloc(version === 1 ? 8 : 4, 0xff)
  const rate = u32(0x10000)
  const entries = [
    ...(empty > 0 ? [wide(version, empty), none, rate] : []),
    ...[wide(version, duration), wide(version, mediaTime), rate],
  ]
  return fullBox('elst', version, u32(entries.length / 3), ...entries)
}

function mediaHeader({ timescale, language }: TrackHeader, ticks: number): Buffer {
  const version = fits32(ticks) ? 0 : 1
  return fullBox('mdhd', version, wide(version, 0), wide(version, 0), u32(timescale), wide(version, ticks), language)
}

function sampleBoxes({ stts, ctts, signed, stss, stsc, stsz, chunks }: Tables, mediaStart: number): Buffer[] {
  return [
    fullBox('stts', 0, stts),
    ...(stss ? [fullBox('stss', 0, stss)] : []),
    ...(ctts ? [fullBox('ctts', signed ? 1 : 0, ctts)] : []),
    fullBox('stsc', 0, stsc),
    fullBox('stsz', 0, stsz),
    chunkOffsets(chunks.map((chunk) => chunk + mediaStart)),
  ]
}

/** §8.7.5. */
function chunkOffsets(offsets: readonly number[]): Buffer {
  if (fits32(...offsets.slice(-1))) return fullBox('stco', 0, u32(offsets.length, ...offsets))
  const bytes = Buffer.alloc(8 * offsets.length)
  for (const [index, offset] of offsets.entries()) bytes.writeBigUInt64BE(BigInt(offset), 8 * index)
  return fullBox('co64', 0, u32(offsets.length), bytes)
}
