import { MAX_PIXELS } from '../../domain/media/plan.ts'
import type { VideoStream } from '../../domain/media/probe.ts'

/** What the ffmpeg that was found can do here. */
export interface Abilities {
  /** Of this machine. */
  readonly processors: number
  /** 5.1 or later: `-fps_mode` (before, `-vsync`) and `-hls_segment_options`. */
  readonly recent: boolean
  /** 7 or later: filters packets before it decodes them, and must, where they tell of reserved colours. */
  readonly filtersInput: boolean
  /** The tone-mapping chain needs zimg. */
  readonly zscale: boolean
}

/** The files that ffmpeg reads and writes, all in the job's directory. */
export const files = {
  input: './in',
  mp4: 'video.mp4',
  poster: 'poster.jpg',
  sei: 'sei.h264',
  storyboard: 'storyboard.jpg',
  frame: 'frame_%05d.jpg',
  playlist: (output: number) => `${output}.m3u8`,
} as const

/** Demuxers that may open an upload: none of them names another file. HLS, DASH, concat, SDP, SVG and picture
 *  sequences are missing on purpose; a protocol whitelist alone does not stop them. */
const formats = [
  'aac,ac3,aiff,amr,apng,asf,avi,caf,dv,eac3,flac,flv,gif,h264,hevc,ivf,m4v,matroska,mov,mp3,mp4,mpeg,mpegts,mpegvideo',
  'mxf,nut,ogg,rm,w64,wav,webm,wtv',
].join(',')

const MAX_ALLOC_BYTES = 1024 ** 3
const MAX_STREAMS = 64

/** Options before `-i` that hold hostile input off. Also understood by ffprobe. */
export function inputGuards(allowedFormats = formats, protocols = 'file'): string[] {
  const names = ['-protocol_whitelist', protocols, '-format_whitelist', allowedFormats]
  return [...names, '-max_streams', String(MAX_STREAMS), '-max_pixels', String(MAX_PIXELS)]
}

export const start = ['-hide_banner', '-nostdin', '-y', '-loglevel', 'error', '-max_alloc', String(MAX_ALLOC_BYTES)]
export const progress = ['-progress', 'pipe:1', '-nostats']
/** Places, names and dates of the person's phone do not leave with the film. */
export const anonymous = ['-map_metadata', '-1', '-map_chapters', '-1', '-sn', '-dn']

/** Names the input's colours before anything reads them: files that say PQ or HLG often leave the rest out, or say what no
 *  filter knows. */
export const namedColours = (transfer: string) =>
  `setparams=color_primaries=bt2020:color_trc=${transfer}:colorspace=bt2020nc`
export const TONEMAP =
  'zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=hable:desat=0,' +
  'zscale=t=bt709:m=bt709:r=tv'

const colour = { primaries: 'colour_primaries', transfer: 'transfer_characteristics', matrix: 'matrix_coefficients' }
const rewriter: Record<string, string> = { h264: 'h264_metadata', hevc: 'hevc_metadata' }
/** H.273. */
const UNSPECIFIED = 2

/** A filter of packets by which a picture tells nothing of its colours instead of what means nothing; undefined where it
 *  needs none. */
export function unreserved({ codec, reserved }: Pick<VideoStream, 'codec' | 'reserved'>): string | undefined {
  const filter = rewriter[codec]
  if (!filter || reserved.length === 0) return undefined
  return `${filter}=${reserved.map((part) => `${colour[part]}=${UNSPECIFIED}`).join(':')}`
}

/** Options before `-i` for whoever decodes the picture: ffmpeg 7 makes no frames of reserved colours. */
export function decoding(
  picture: Pick<VideoStream, 'codec' | 'reserved'> & { readonly stream: number },
  { filtersInput }: Abilities,
): string[] {
  const filter = unreserved(picture)
  return filter && filtersInput ? [`-bsf:${picture.stream}`, filter] : []
}

const firstFrame = ['-frames', '1', '-f', 'framecrc', 'pipe:1']
/** The first of what comes out of a track, as lines that begin with its number. */
export const decodeArguments = ({ index }: { readonly index: number }, before: readonly string[] = []): string[] => [
  ...[...start, ...inputGuards(), ...before, '-i', files.input, '-map', `0:${index}`, ...firstFrame],
]
/** The same of a picture that is no upload's. */
export const controlArguments: readonly string[] = [...start, '-f', 'lavfi', '-i', 'color=s=16x16:d=1', ...firstFrame]
