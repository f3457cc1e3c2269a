import { ladder, type Rung } from './ladder.ts'
import { type AudioStream, isHdr, type Probe, uprightSize, type VideoStream } from './probe.ts'
import { type EncodedRung, encodedRungs } from './quality.ts'
import { type Rejection, rejections } from './rejections.ts'
import type { SoundRole, TrackLabel } from './tracks.ts'
import { takenBy, type Way } from './ways.ts'

/** What will be done to an upload, decided before ffmpeg starts. */
export interface Plan {
  /** Its name in logs and metrics. */
  readonly name: 'serve' | 'remux' | 'copy_video' | 'remux_and_ladder' | 'transcode' | 'audio_only'
  readonly picture: CopiedPicture | EncodedPicture | undefined
  /** The first is heard where nobody chooses. */
  readonly sounds: readonly Sound[]
  /** The MP4 to download: the upload itself, its streams where HLS shows others, or the best of what HLS holds. */
  readonly download: 'original' | 'source' | 'top'
  /** Stream index that the poster is taken from. */
  readonly poster: { readonly stream: number; readonly cover: boolean } | undefined
}

/** Of the upload, where the picture comes from. */
type Source = Pick<VideoStream, 'codec' | 'reserved'> & { readonly stream: number }

export interface CopiedPicture extends Source {
  readonly how: 'copy'
  readonly frameRate: number
  readonly rungs: readonly [Rung]
}

export interface EncodedPicture extends Source {
  readonly how: 'encode'
  /** Frames a second that come out. */
  readonly frameRate: number
  /** Best first. */
  readonly rungs: readonly EncodedRung[]
  readonly deinterlace: boolean
  /** Transfer that has to be tone-mapped to bt709. */
  readonly hdr: string | undefined
  /** Frames a second at even times, where those of the upload are too many, or the last one lasts. */
  readonly evenRate: number | undefined
  /** Seconds from one key frame, and one segment, to the next: in every rung the same. */
  readonly segmentSeconds: number
}

export type EncodedPlan = Plan & { readonly picture: EncodedPicture }
export const isEncoded = (plan: Plan): plan is EncodedPlan => plan.picture?.how === 'encode'

/** The pictures, best first, then the sounds: so many are made of a film. */
export const renditionCount = ({ picture, sounds }: Plan): number => (picture?.rungs.length ?? 0) + sounds.length

export interface Sound extends TrackLabel {
  readonly stream: number
  readonly how: 'copy' | 'encode'
  /** RFC 6381. */
  readonly codecs: string
  /** Hz of what comes out. */
  readonly sampleRate: number
  readonly iso639: string | undefined
  readonly role: SoundRole
  /** One of others that begins so late that whoever watches does not wait for it. */
  readonly late: boolean
}

/** 8K; more is refused before a decoder allocates it. */
export const MAX_PIXELS = 8192 * 4320

const MAX_FRAME_RATE = 60.5
/** Frames a second. */
const SLOWEST_COPIED = 0.5
const MAX_COPY_BIT_RATE = 12_000_000
const MAX_GOP_SECONDS = 10
const LATE_SECONDS = 1
/** Seconds after the sound at which a picture that is copied may begin: players of HLS begin with the picture, and leave
 *  out what is heard before. */
const LATE_PICTURE_SECONDS = 0.5
/** Fewer a second are a slide show. */
const SLIDE_SHOW_RATE = 5
/** 24000/1001 is as good as 24. */
const CINEMA_RATE = 23.9
const FRAMES_OF_SLOW_SEGMENT = 80
/** Frames up to which a slow film is shown as smoothly as its quickest moments are: an hour. Of ten hours of slides the
 *  most that is made would else be one picture again and again. */
const MOST_REPEATED = 3600 * 30
const ANIMATED = ['gif', 'apng', 'webp']
const aacCodecs: Record<string, string> = { LC: 'mp4a.40.2', 'HE-AAC': 'mp4a.40.5', 'HE-AACv2': 'mp4a.40.29' }
const eightBit420 = ['yuv420p', 'yuvj420p']
const playableProfiles = ['Constrained Baseline', 'Baseline', 'Main', 'High']

/** Every browser plays the picture as it is. */
function playsEverywhere(video: VideoStream): boolean {
  return (
    video.codec === 'h264' &&
    playableProfiles.includes(video.profile) &&
    eightBit420.includes(video.pixelFormat) &&
    !video.interlaced &&
    !video.turned &&
    video.pixelAspect === 1 &&
    !isHdr(video)
  )
}

const fits1080p60 = (video: VideoStream) =>
  Math.max(video.width, video.height) <= 1920 &&
  Math.min(video.width, video.height) <= 1088 &&
  video.frameRate <= MAX_FRAME_RATE

const beginsLate = ({ extent }: VideoStream) => (extent.begin ?? 0) > LATE_PICTURE_SECONDS

/** Can be cut into segments at its own key frames. Where frames last for seconds a look at twenty of them tells nothing. */
const cutsWell = (video: VideoStream) =>
  video.frameRate >= SLOWEST_COPIED &&
  !video.openGop &&
  !video.trimmed &&
  video.longestGopSeconds !== undefined &&
  video.longestGopSeconds <= MAX_GOP_SECONDS

function planSound(audio: AudioStream, at: number, encodeAnyway: boolean): Sound {
  const plays = audio.codec === 'aac' && audio.channels <= 2 && audio.sampleRate > 0 && !audio.trimmed
  const codecs = !encodeAnyway && plays ? aacCodecs[audio.profile] : undefined
  const { index: stream, language, title, iso639, role } = audio
  const late = at > 0 && (audio.extent.begin ?? 0) > LATE_SECONDS
  const base = { stream, language, title, iso639, role, late }
  return codecs
    ? { ...base, how: 'copy', codecs, sampleRate: audio.sampleRate }
    : { ...base, how: 'encode', codecs: 'mp4a.40.2', sampleRate: Math.min(audio.sampleRate || 48_000, 48_000) }
}

/** A frame that lasts, as in a slide show or at the end of an animated picture, is shown again: a film tells of each
 *  frame when it begins, and its segments must not be as long as it is. */
function evenRateOf({ durationSeconds }: Probe, video: VideoStream, encodeAnyway: boolean): number | undefined {
  const { codec, frameRate, peakFrameRate } = video
  if (frameRate > MAX_FRAME_RATE) return 60
  if (frameRate < SLIDE_SHOW_RATE || ANIMATED.includes(codec)) {
    const bounded = MOST_REPEATED / (durationSeconds ?? 1)
    return Math.max(1, Math.min(30, peakFrameRate, Math.max(SLIDE_SHOW_RATE, Math.floor(bounded))))
  }
  // A recording that stands still for long is whole with what stood there, and what begins late with its first picture.
  return encodeAnyway || beginsLate(video) ? frameRate : undefined
}

/** Whole seconds of an encoded segment: two where as many frames are shown as in a cinema. Where they are fewer it holds
 *  about as many as two seconds of others do: a key frame every two seconds cost 5.2 × the bytes of a screen recording
 *  of 10 frames a second, one every eight 1.8 ×, and ten hours of slides would be thousands of objects more.
 *  @param frameRate frames a second  @returns 2 … 8, so that a frame that comes late still makes none of ten seconds */
export function segmentSeconds(frameRate: number): number {
  return frameRate >= CINEMA_RATE ? 2 : Math.min(8, Math.round(FRAMES_OF_SLOW_SEGMENT / frameRate))
}

const sourceOf = ({ index, codec, reserved }: VideoStream) => ({ stream: index, codec, reserved })

function encode(probe: Probe, video: VideoStream, encodeAnyway: boolean): EncodedPicture {
  const evenRate = evenRateOf(probe, video, encodeAnyway)
  const size = uprightSize(video)
  const frameRate = evenRate ?? video.frameRate
  return {
    how: 'encode',
    ...sourceOf(video),
    frameRate,
    rungs: encodedRungs(ladder(size.width, size.height), frameRate),
    deinterlace: video.interlaced,
    hdr: isHdr(video) ? video.transfer : undefined,
    evenRate,
    segmentSeconds: segmentSeconds(frameRate),
  }
}

function copy(video: VideoStream): CopiedPicture {
  const { name } = ladder(video.width, video.height)[0]!
  const rung = { name, width: video.width, height: video.height }
  return { how: 'copy', ...sourceOf(video), frameRate: video.frameRate, rungs: [rung] }
}

/** Nothing of the sound has to be encoded. */
const areCopied = (sounds: readonly Sound[]) => sounds.every(({ how }) => how === 'copy')

function planPicture(probe: Probe, video: VideoStream, sounds: readonly Sound[], encodeAnyway: boolean): Plan {
  const common = { sounds, poster: { stream: video.index, cover: false } }
  if (encodeAnyway || !playsEverywhere(video)) {
    return { ...common, name: 'transcode', picture: encode(probe, video, encodeAnyway), download: 'top' }
  }
  if (!fits1080p60(video) || !cutsWell(video) || beginsLate(video) || video.bitRate > MAX_COPY_BIT_RATE) {
    return { ...common, name: 'remux_and_ladder', picture: encode(probe, video, encodeAnyway), download: 'source' }
  }
  const picture = copy(video)
  if (!areCopied(sounds)) return { ...common, name: 'copy_video', picture, download: 'top' }
  const asIs = probe.container.includes('mp4') && probe.indexFirst && probe.bare
  return asIs
    ? { ...common, name: 'serve', picture, download: 'original' }
    : { ...common, name: 'remux', picture, download: 'top' }
}

/** Decides what to do with an upload, or why nothing can be done.
 *  @param way after those before it gave no film that plays */
export function planVideo(whole: Probe, way: Way = 'copy'): Plan | Rejection {
  const probe = takenBy(way, whole)
  const encodeAnyway = way !== 'copy'
  const sounds = probe.sounds.map((audio, at) => planSound(audio, at, encodeAnyway))
  if (probe.video) {
    if (probe.video.width * probe.video.height > MAX_PIXELS) return rejections.dimensionsTooLarge
    return planPicture(probe, probe.video, sounds, encodeAnyway)
  }
  if (sounds.length === 0) return rejections.noMediaStreams
  return {
    name: 'audio_only',
    picture: undefined,
    sounds,
    download: 'top',
    poster: probe.cover === undefined ? undefined : { stream: probe.cover, cover: true },
  }
}
