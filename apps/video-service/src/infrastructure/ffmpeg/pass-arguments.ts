import { type Stretch, WHOLE } from '../../application/ports/transcoder.ts'
import { A_HAIR } from '../../domain/media/extent.ts'
import type { Rung } from '../../domain/media/ladder.ts'
import type { EncodedPicture, Plan, Sound } from '../../domain/media/plan.ts'
import type { EncodedRung } from '../../domain/media/quality.ts'
import {
  type Abilities,
  anonymous,
  decoding,
  files,
  inputGuards,
  namedColours,
  progress,
  start,
  TONEMAP,
  unreserved,
} from './ffmpeg-arguments.ts'
import { jpeg, posterScale } from './still-arguments.ts'

/** Of a picture that is copied at the least: it is cut at its own key frames. */
const COPIED_SEGMENT_SECONDS = 2
/** Sound without a picture is made so quickly that nobody waits for the first of these. */
const SOUND_SEGMENT_SECONDS = 6
/** Frames a second. */
const FEW_FRAMES = 12
/** Seconds. */
const LATENESS = 0.2

const bt709 = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709']

/** From the frames of the upload to those of its best rung.
 *  @param fromStart whether the first is shown since the film's start, where frames come at even times */
export function toBest(picture: EncodedPicture, abilities: Abilities, fromStart: boolean): string[] {
  const { deinterlace, evenRate, hdr, rungs } = picture
  const [best] = rungs
  return [
    ...(deinterlace ? ['yadif'] : []),
    ...(evenRate ? [`fps=${evenRate}${fromStart ? ':start_time=0' : ''}`] : []),
    ...(hdr && abilities.zscale ? [namedColours(hdr)] : []),
    `scale=${best!.width}:${best!.height}`,
    ...(hdr && abilities.zscale ? [TONEMAP] : []),
    ...['format=yuv420p', 'setsar=1'],
  ]
}

/** How a rung is encoded.  @param at its place among the pictures of an output */
export function x264({ crf, maxRate }: EncodedRung, at: number): string[] {
  const rate = [`-maxrate:v:${at}`, String(maxRate), `-bufsize:v:${at}`, String(2 * maxRate)]
  return [`-c:v:${at}`, 'libx264', `-crf:v:${at}`, String(crf), ...rate]
}
export const presets = ['-preset', 'veryfast', '-profile:v', 'high']

/** Decodes once and scales each rung from the one above; the poster hangs off the smallest. */
function ladderGraph(picture: EncodedPicture, poster: boolean, abilities: Abilities): string {
  const last = picture.rungs.length - 1
  return picture.rungs
    .map((rung, index) => {
      const outputs = index < last || poster ? `split=2[v${index}][t${index}]` : `null[v${index}]`
      if (index > 0) return `[t${index - 1}]scale=${rung.width}:${rung.height},setsar=1,${outputs}`
      return `[0:${picture.stream}]${[...toBest(picture, abilities, true), outputs].join(',')}`
    })
    .concat(poster ? [`[t${last}]${posterScale(picture.rungs[last]!)}[poster]`] : [])
    .join(';')
}

/** Each rung has as many threads as its share of the work needs: each thread holds frames of its own, and left to itself
 *  every encoder, and the decoder, would take more than there are processors (487 MiB instead of 381 for 1080p on two). */
function threadsOf(rungs: readonly Rung[], processors: number): number[] {
  const area = ({ width, height }: Rung) => width * height
  return rungs.map((rung) => Math.max(1, Math.floor((processors * area(rung)) / area(rungs[0]!))))
}

/** @param phase seconds since the last key frame that was due, where it begins in the middle of a film */
function encodeRungs(picture: EncodedPicture, phase: number, abilities: Abilities): string[] {
  const due = `n_forced*${picture.segmentSeconds}${phase > 0 ? `-${phase.toFixed(6)}` : ''}`
  return [
    ...picture.rungs.flatMap((_, index) => ['-map', `[v${index}]`]),
    ...picture.rungs.flatMap(x264),
    ...presets,
    ...threadsOf(picture.rungs, abilities.processors).flatMap((threads, index) => [
      ...[`-threads:v:${index}`, String(threads)],
    ]),
    // Frames that wait to be looked at are frames in memory; one thread of its own for that gains nothing here.
    ...['-x264-params', 'sync-lookahead=0'],
    // A key frame where each segment begins, in every rung at the same moment.
    ...['-force_key_frames', `expr:gte(t,${due})`, '-sc_threshold', '0'],
    // A phone's uneven frame times stay as they are; a constant rate would repeat frames.
    ...(abilities.recent ? ['-fps_mode:v', 'vfr'] : ['-vsync', 'vfr']),
    // Frames out of order delay the first one by two or three, which are seconds where few are shown.
    ...(picture.frameRate < FEW_FRAMES ? ['-bf', '0'] : []),
    ...(picture.hdr ? bt709 : []),
  ]
}

/** Without the messages beside the pictures, in which cameras write where they are (type 6 of Rec. ITU-T H.264 table
 *  7-1). */
const copyPicture = (picture: NonNullable<Plan['picture']>, input = 0) => [
  ...['-map', `${input}:${picture.stream}`, '-c:v', 'copy'],
  ...['-bsf:v', ['filter_units=remove_types=6', unreserved(picture)].filter(Boolean).join(',')],
]

/** Nothing but these messages. */
const messages = ({ stream }: { stream: number }) => [
  ...['-map', `0:${stream}`, '-c:v', 'copy', '-bsf:v', 'filter_units=pass_types=6', '-f', 'h264', files.sei],
]

/** @param at its place among the sounds of an output */
function soundCodec(sound: Sound, at: number): string[] {
  // Transport streams carry AAC with a header on each packet, which MP4 has none for; others pass as they are.
  if (sound.how === 'copy') return [`-c:a:${at}`, 'copy', `-bsf:a:${at}`, 'aac_adtstoasc']
  const rate = sound.sampleRate % 11_025 === 0 ? 44_100 : 48_000
  const codec = [`-c:a:${at}`, 'aac', `-b:a:${at}`, '128k', `-ac:a:${at}`, '2', `-ar:a:${at}`, String(rate)]
  // Silence fills what is missing at the start and in gaps, so that lips stay with the words.
  return [...codec, `-filter:a:${at}`, 'aresample=async=1:first_pts=0']
}

/** What files tell of their sounds, and nothing else. */
const languages = (sounds: readonly Sound[]) =>
  sounds.flatMap(({ iso639 }, at) => (iso639 ? [`-metadata:s:a:${at}`, `language=${iso639}`] : []))

function segmentSecondsOf({ picture }: Plan): number {
  if (!picture) return SOUND_SEGMENT_SECONDS
  return picture.how === 'encode' ? picture.segmentSeconds : COPIED_SEGMENT_SECONDS
}

function hls(seconds: number, streamMap: readonly string[], abilities: Abilities): string[] {
  return [
    // Times in the fragments count from the film's start, not from the track's own: a player that does not read empty
    // edits would else play sound that begins late too early.
    ...(abilities.recent ? ['-hls_segment_options', 'movflags=+frag_discont'] : []),
    ...['-f', 'hls', '-hls_segment_type', 'fmp4', '-hls_time', String(seconds)],
    ...['-hls_playlist_type', 'event', '-hls_list_size', '0', '-hls_flags', 'independent_segments+temp_file'],
    ...['-hls_fmp4_init_filename', 'init_%v.mp4', '-hls_segment_filename', '%v_%05d.m4s'],
    ...['-var_stream_map', streamMap.join(' '), '%v.m3u8'],
  ]
}

const mp4 = ['-movflags', '+faststart', '-f', 'mp4', files.mp4]

/** Seconds by which all times of a film's segments are late: a picture out of order, or the sound's lead-in, is decoded
 *  before it is due, and nothing can be before zero. Every pass over a film must be late by the same. */
export function latenessOf({ picture }: Plan, { recent }: Abilities): number {
  if (picture?.how !== 'encode' || !recent) return 0
  return picture.frameRate < FEW_FRAMES ? LATENESS : Math.max(LATENESS, 4 / picture.frameRate)
}

/** Whether attempts with this ffmpeg can go on with each other's segments: where it says when they begin. */
export const canGoOn = ({ picture }: Plan, { recent }: Abilities): boolean => picture?.how === 'encode' && recent

/** A pass over the upload: every HLS rendition, numbered as `nameOf` names them; the poster where the picture is decoded anyway; the MP4 where it is a
 *  copy of the upload's streams. Progress goes to standard output. */
export function passArguments(plan: Plan, abilities: Abilities, stretch: Stretch = WHOLE): string[] {
  const { picture, sounds } = plan
  const { from, until } = stretch
  const decoders =
    picture?.how === 'encode' ? ['-threads', String(abilities.processors), ...decoding(picture, abilities)] : []
  const input = [...inputGuards(), ...decoders, '-i', files.input]
  // Pictures may begin in the middle; whatever begins at the start is read beside them.
  const inputs = from > 0 ? ['-copyts', '-start_at_zero', '-ss', (from - A_HAIR).toFixed(6), ...input, ...input] : input
  const whole = from > 0 ? 1 : 0
  const encodes = picture?.how === 'encode'
  const poster = encodes && stretch.poster
  const sound = [...sounds.flatMap(({ stream }) => ['-map', `${whole}:${stream}`]), ...sounds.flatMap(soundCodec)]
  const graph = encodes ? ['-filter_complex', ladderGraph(picture, poster, abilities)] : []
  const video = encodes ? encodeRungs(picture, stretch.phase, abilities) : picture ? copyPicture(picture) : []
  const streamMap = [
    ...(picture?.rungs ?? []).map((_, index) => `v:${index}`),
    ...sounds.map((_, index) => `a:${index}`),
  ]
  const pictureCopy = picture ? copyPicture(picture, whole) : []
  const lateness = latenessOf(plan, abilities)
  const late = lateness > 0 ? ['-avoid_negative_ts', 'disabled', '-output_ts_offset', lateness.toFixed(6)] : []
  return [
    // What cannot be decoded is left out, however much of it there is; its warnings tell how much that was.
    ...[...start, '-loglevel', 'warning', ...progress, '-max_error_rate', '1', ...inputs, ...graph],
    ...[...video, ...sound, ...anonymous, ...languages(sounds), '-max_muxing_queue_size', '1024'],
    ...(until === undefined ? [] : ['-t', String(until)]),
    ...[...late, ...hls(segmentSecondsOf(plan), streamMap, abilities)],
    ...(poster ? ['-map', '[poster]', ...jpeg] : []),
    // Whether the upload may be served as it is depends on what lies beside its pictures, of which only this tells.
    ...(plan.download === 'original' && picture ? messages(picture) : []),
    ...(plan.download === 'source' ? [...pictureCopy, ...sound, ...anonymous, ...languages(sounds), ...mp4] : []),
  ]
}
