import type { Extent } from '../../domain/media/extent.ts'
import { type AudioStream, COLOURS, type Probe, type VideoStream } from '../../domain/media/probe.ts'
import { type Rejection, rejections } from '../../domain/media/rejections.ts'
import type { Boxes } from './boxes.ts'
import { chaptersIn, iso639Of, labelOf, roleOf, soundsIn, textsIn } from './ffprobe-tracks.ts'

/** The part that we read of `ffprobe -print_format json -show_format -show_streams -show_chapters`. */
export interface FfprobeAnswer {
  readonly format?: {
    readonly format_name?: string
    readonly start_time?: string
    readonly duration?: string
    readonly bit_rate?: string
    readonly tags?: Readonly<Record<string, string>>
  }
  readonly streams?: readonly FfprobeStream[]
  readonly chapters?: readonly FfprobeChapter[]
  readonly packets?: readonly FfprobePacket[]
}

export interface FfprobePacket {
  readonly stream_index?: number
  readonly pts_time?: string
  /** `K` for a key frame, `D` for what is decoded and not shown. */
  readonly flags?: string
}

export interface FfprobeChapter {
  readonly start_time?: string
  readonly tags?: Readonly<Record<string, string>>
}

export interface FfprobeStream {
  readonly index: number
  readonly codec_type?: string
  readonly codec_name?: string
  readonly start_time?: string
  readonly duration?: string
  readonly profile?: string
  readonly pix_fmt?: string
  readonly width?: number
  readonly height?: number
  readonly sample_aspect_ratio?: string
  readonly avg_frame_rate?: string
  readonly r_frame_rate?: string
  readonly field_order?: string
  readonly color_primaries?: string
  readonly color_transfer?: string
  readonly color_space?: string
  readonly bit_rate?: string
  readonly channels?: number
  readonly sample_rate?: string
  readonly nb_frames?: string
  /** 1 for what it is: `default`, `comment`, `attached_pic`. */
  readonly disposition?: Readonly<Record<string, number>>
  readonly tags?: Readonly<Record<string, string>>
  readonly side_data_list?: readonly {
    readonly side_data_type?: string
    readonly rotation?: number
    readonly displaymatrix?: string
  }[]
}

/** `30000/1001`, `1:1`; 0 when it says nothing. */
function ratio(text: string | undefined): number {
  const [above, below] = (text ?? '').split(/[/:]/).map(Number)
  return above && below ? above / below : 0
}

/** Editors that round a size leave pixels a hair off square: nobody sees less than one per cent. */
function pixelAspect(stream: FfprobeStream): number {
  const aspect = ratio(stream.sample_aspect_ratio) || 1
  return Math.abs(aspect - 1) < 0.01 ? 1 : aspect
}

const upright = [65536, 0, 0, 0, 65536, 0, 0, 0, 1073741824]

/** A display matrix that does anything but lie still: turns, mirrors, scales. */
function turns(stream: FfprobeStream): { rotation: number; turned: boolean } {
  const matrix = stream.side_data_list?.find((data) => data.displaymatrix !== undefined)
  if (!matrix) return { rotation: 0, turned: false }
  const numbers = matrix
    .displaymatrix!.split('\n')
    .flatMap((line) => (line.split(':')[1] ?? '').trim().split(/\s+/))
    .filter(Boolean)
    .map(Number)
  const rotation = (((-Math.round((matrix.rotation ?? 0) / 90) * 90) % 360) + 360) % 360
  return { rotation, turned: numbers.some((value, at) => value !== upright[at]) }
}

/** Of a number in text; undefined where it says nothing. */
const numberIn = (text: string | undefined): number | undefined => {
  const value = Number.parseFloat(text ?? '')
  return Number.isFinite(value) ? value : undefined
}

/** `01:02:03.5`, as Matroska writes how long a track is. */
function clockIn(text: string | undefined): number | undefined {
  const [, hours, minutes, seconds] = /^(\d+):(\d+):([\d.]+)$/.exec(text ?? '') ?? []
  return hours === undefined ? undefined : 3600 * Number(hours) + 60 * Number(minutes) + Number(seconds)
}

/** @param origin seconds at which the film begins by the file's clock */
function extentOf(stream: FfprobeStream, origin: number): Partial<Extent> {
  const start = numberIn(stream.start_time)
  const begin = start === undefined ? undefined : start - origin
  const duration = numberIn(stream.duration)
  // Matroska's counts from where its clock begins.
  const end = clockIn(stream.tags?.DURATION)
  if (duration !== undefined && duration > 0) return { begin, end: (begin ?? 0) + duration }
  return { begin, end: end === undefined ? undefined : end - origin }
}

const fieldOf = { primaries: 'color_primaries', transfer: 'color_transfer', matrix: 'color_space' } as const

function toVideo(stream: FfprobeStream, origin: number, wholeBitRate: number): VideoStream {
  const average = ratio(stream.avg_frame_rate)
  return {
    index: stream.index,
    extent: extentOf(stream, origin),
    codec: stream.codec_name ?? 'unknown',
    profile: stream.profile ?? '',
    pixelFormat: stream.pix_fmt ?? '',
    width: stream.width ?? 0,
    height: stream.height ?? 0,
    pixelAspect: pixelAspect(stream),
    ...turns(stream),
    frameRate: average || Math.min(ratio(stream.r_frame_rate) || 30, 120),
    peakFrameRate: ratio(stream.r_frame_rate) || average || 30,
    interlaced: ['tt', 'bb', 'tb', 'bt'].includes(stream.field_order ?? ''),
    transfer: stream.color_transfer,
    reserved: COLOURS.filter((colour) => stream[fieldOf[colour]] === 'reserved'),
    bitRate: Number(stream.bit_rate) || wholeBitRate,
    longestGopSeconds: undefined,
    openGop: false,
    trimmed: false,
    leading: 0,
  }
}

function toAudio(stream: FfprobeStream, origin: number): AudioStream {
  return {
    index: stream.index,
    extent: extentOf(stream, origin),
    codec: stream.codec_name ?? 'unknown',
    profile: stream.profile ?? '',
    channels: stream.channels ?? 0,
    sampleRate: Number(stream.sample_rate) || 0,
    trimmed: false,
    ...labelOf(stream),
    iso639: iso639Of(stream),
    role: roleOf(stream),
  }
}

/** Tags that say how a film is to be read, and of what was made by a program that gives everybody the same. */
const PLAIN_TAGS: Readonly<Record<string, RegExp>> = {
  major_brand: /^/,
  minor_version: /^/,
  compatible_brands: /^/,
  language: /^/,
  vendor_id: /^(\[0\]){4}$/,
  encoder: /^Lav[cf][\d.]+( [\w-]+)?$/,
  handler_name: /^(VideoHandler|SoundHandler|Core Media (Video|Audio)|ISO Media.*)?$/,
}
const saysNothing = (tags: Readonly<Record<string, string>> | undefined) =>
  Object.entries(tags ?? {}).every(([tag, value]) => PLAIN_TAGS[tag]?.test(value))

const isCover = (stream: FfprobeStream) => stream.codec_type === 'video' && stream.disposition?.attached_pic === 1
const preferred = (streams: readonly FfprobeStream[]) =>
  streams.find((stream) => stream.disposition?.default === 1) ?? streams[0]

/** Of these nothing says how long they should be: ffprobe measures where their last packet is, or guesses by their size. */
const UNDECLARED = /^(mpegts|mpeg|mpegvideo|h264|hevc|m4v|ogg|aac|ac3|eac3|mp3|amr|dv)$/

/** Matroska and FLV tell when the film ends by a clock that may run before it begins. */
const countsFromZero = (container: string) => /matroska|flv/.test(container)

const holdsNothing = ({ nb_frames, tags }: FfprobeStream) => nb_frames === '0' || clockIn(tags?.DURATION) === 0

/** Translates ffprobe's answer. Streams of unknown codecs are left out, since nothing can decode them, and empty ones,
 *  since no segment would ever come of them.  @param empty indices of those that hold nothing, as a look at them told */
export function toProbe(
  answer: FfprobeAnswer,
  size: number,
  boxes: Boxes | undefined,
  empty: ReadonlySet<number> = new Set(),
): Probe {
  const streams = answer.streams ?? []
  const holding = streams.filter((stream) => !holdsNothing(stream) && !empty.has(stream.index))
  const known = holding.filter(({ codec_name }) => codec_name && codec_name !== 'unknown')
  const pictures = known.filter((stream) => stream.codec_type === 'video' && !isCover(stream))
  const picture = preferred(pictures)
  const sounds = soundsIn(known)
  const texts = textsIn(holding)
  const origin = numberIn(answer.format?.start_time) ?? 0
  const container = answer.format?.format_name ?? ''
  const whole = Number(answer.format?.duration) - (countsFromZero(container) ? origin : 0)
  const durationSeconds = whole > 0 ? whole : undefined
  const bitRate = Number(answer.format?.bit_rate) || (durationSeconds ? (size * 8) / durationSeconds : 0)
  return {
    container,
    durationSeconds,
    declared: !UNDECLARED.test(container),
    size,
    indexFirst: boxes?.indexFirst ?? false,
    bare:
      (boxes?.bare ?? false) &&
      streams.length === (picture ? 1 : 0) + Math.min(1, sounds.kept.length) &&
      [answer.format?.tags, ...streams.map(({ tags }) => tags)].every(saysNothing),
    video: picture && toVideo(picture, origin, bitRate),
    sounds: sounds.kept.map((stream) => toAudio(stream, origin)),
    texts: texts.kept,
    chapters: chaptersIn(answer.chapters ?? [], origin, durationSeconds),
    leftOut: [...sounds.leftOut, ...texts.leftOut],
    cover: known.find(isCover)?.index,
  }
}

/** What packets of a picture tell, beside its key frames: whether some lie before the film's beginning, and how many
 *  need what is not there, because they come before the first key frame or are shown before it. */
export function readStart(packets: readonly FfprobePacket[]): Pick<VideoStream, 'trimmed' | 'leading'> {
  const first = packets.findIndex(({ flags }) => flags?.startsWith('K'))
  const shownAt = Number(packets[first]?.pts_time)
  const early = packets.slice(first + 1, first + 1 + MOST_LEADING).filter(({ pts_time }) => Number(pts_time) < shownAt)
  return { trimmed: packets.some(isHidden), leading: Math.max(0, first) + early.length }
}
/** Pictures that an open group begins with. */
const MOST_LEADING = 16

const isHidden = ({ flags }: FfprobePacket) => flags?.includes('D') ?? false

/** Sound before the film's beginning is more than what an encoder is primed with.
 *  @param packets of the sound */
export function isTrimmed(packets: readonly FfprobePacket[]): boolean {
  return packets.some((packet) => isHidden(packet) && Number(packet.pts_time) < -PRIMING_SECONDS)
}
/** HE-AAC at 16 kHz has about as much. */
const PRIMING_SECONDS = 0.2

/** Longest distance between key frames, and whether pictures after a key frame are shown before it. */
export function readGops(packets: readonly FfprobePacket[]): Pick<VideoStream, 'longestGopSeconds' | 'openGop'> {
  let key: number | undefined
  let longest = 0
  let openGop = false
  let last = 0
  for (const packet of packets) {
    const time = Number(packet.pts_time)
    if (!Number.isFinite(time)) continue
    if (packet.flags?.startsWith('K')) key = time
    else if (key !== undefined && time < key) openGop = true
    last = time
    if (key !== undefined) longest = Math.max(longest, last - key)
  }
  return { longestGopSeconds: key === undefined ? undefined : longest, openGop }
}

/** Why ffprobe could not open a file. @param stderr what it wrote */
export function whyRefused(stderr: string): Rejection {
  if (stderr.includes('moov atom not found')) return rejections.truncatedNoIndex
  if (stderr.includes('not on whitelist')) return rejections.unsupportedContainer
  return rejections.notMedia
}
