import type { Chapter } from './chapters.ts'
import type { Extent } from './extent.ts'
import type { LeftOut, SoundRole, TextTrack, TrackLabel } from './tracks.ts'

/** What ffprobe and a look at the file's boxes say about an upload. */
export interface Probe {
  /** Demuxer names, as ffprobe joins them: `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly container: string
  /** From the beginning of what begins first to the end of what ends last, as the container declares it, in seconds; it
   *  may lie. */
  readonly durationSeconds: number | undefined
  /** The container says by itself how long film and tracks are, so that what is missing can be told. */
  readonly declared: boolean
  /** Bytes. */
  readonly size: number
  /** The index (moov) lies before the data, so that a player can start at once. */
  readonly indexFirst: boolean
  /** It holds one picture, at most one sound, and nothing beside them that could speak of a place, a device or a
   *  person: no other track, no tag, no box. */
  readonly bare: boolean
  readonly video: VideoStream | undefined
  /** The first is heard where nobody chooses. */
  readonly sounds: readonly AudioStream[]
  readonly texts: readonly TextTrack[]
  readonly chapters: readonly Chapter[]
  /** Why, for each track that nothing comes of. */
  readonly leftOut: readonly LeftOut[]
  /** Stream index of a cover picture. */
  readonly cover: number | undefined
}

export const COLOURS = ['primaries', 'transfer', 'matrix'] as const
/** What a picture tells of its colours (Rec. ITU-T H.273). */
export type Colour = (typeof COLOURS)[number]

export interface VideoStream {
  readonly index: number
  /** As the container declares it, counted from the film's beginning. */
  readonly extent: Partial<Extent>
  readonly codec: string
  readonly profile: string
  readonly pixelFormat: string
  /** As coded, before rotation and pixel shape. */
  readonly width: number
  readonly height: number
  /** Width of a pixel divided by its height. */
  readonly pixelAspect: number
  /** Degrees clockwise: 0, 90, 180, 270. */
  readonly rotation: number
  /** The display matrix turns or mirrors the picture. */
  readonly turned: boolean
  /** Frames a second, on average. */
  readonly frameRate: number
  /** The most frames that are shown in a second, as far as the container tells; it may be far too many. */
  readonly peakFrameRate: number
  readonly interlaced: boolean
  /** H.273 transfer as ffmpeg names it: `bt709`, `smpte2084`, `arib-std-b67`. */
  readonly transfer: string | undefined
  /** What it tells by numbers that H.273 keeps for later: they mean nothing. */
  readonly reserved: readonly Colour[]
  /** Bits a second. */
  readonly bitRate: number
  /** Longest distance between key frames in seconds, where it was looked at. */
  readonly longestGopSeconds: number | undefined
  /** Pictures refer across key frames, so a segment cannot start at each of them. */
  readonly openGop: boolean
  /** Players of the upload decode pictures that they do not show, as an edit list says (ISO/IEC 14496-12 §8.6.6); HLS has
   *  no such list. */
  readonly trimmed: boolean
  /** Pictures at its beginning that need what is not there, where it was cut out of a longer film. */
  readonly leading: number
}

export interface AudioStream extends TrackLabel {
  readonly index: number
  readonly extent: Partial<Extent>
  readonly codec: string
  readonly profile: string
  readonly channels: number
  /** Hz. */
  readonly sampleRate: number
  /** Players of the upload do not play its beginning, as an edit list says. */
  readonly trimmed: boolean
  /** Its language as ISO 639-2 spells it, where the file does so. */
  readonly iso639: string | undefined
  readonly role: SoundRole
}

/** PQ or HLG: more range than a bt709 screen can show. */
export function isHdr(video: VideoStream): boolean {
  return video.transfer === 'smpte2084' || video.transfer === 'arib-std-b67'
}

/** Width and height as a person sees them: upright, with square pixels. */
export function uprightSize(video: VideoStream): { width: number; height: number } {
  const width = video.width * video.pixelAspect
  return video.rotation % 180 === 0 ? { width, height: video.height } : { width: video.height, height: width }
}
