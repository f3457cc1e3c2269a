import { type Chapter, chaptersOf } from '../../domain/media/chapters.ts'
import { languageOf } from '../../domain/media/language.ts'
import { trackTitle } from '../../domain/media/track-title.ts'
import {
  LEFT_OUT,
  type LeftOut,
  MOST_SOUNDS,
  MOST_TEXTS,
  type SoundRole,
  type TextTrack,
  type TrackLabel,
} from '../../domain/media/tracks.ts'
import type { FfprobeChapter, FfprobeStream } from './ffprobe-answer.ts'

/** Codecs of subtitles that ffmpeg turns into text. */
const TEXT = [
  'subrip,srt,ass,ssa,mov_text,webvtt,text,hdmv_text_subtitle,eia_608,jacosub,microdvd,sami,subviewer,subviewer1',
  'realtext,stl,mpl2,pjs,vplayer',
].flatMap((codecs) => codecs.split(','))
const PICTURES = ['dvd_subtitle', 'hdmv_pgs_subtitle', 'dvb_subtitle', 'xsub']

interface Chosen<Track> {
  readonly kept: readonly Track[]
  readonly leftOut: readonly LeftOut[]
}

const is = (stream: FfprobeStream, ...what: string[]) => what.some((name) => stream.disposition?.[name] === 1)

/** What a stream says of itself. */
export function labelOf({ tags }: FfprobeStream): TrackLabel {
  return { language: languageOf(tags?.language), title: trackTitle(tags?.title) }
}

/** MP4 spells languages so (ISO/IEC 14496-12 §8.4.2), and nearly every container does. */
export function iso639Of({ tags }: FfprobeStream): string | undefined {
  const code = tags?.language ?? ''
  return /^[a-z]{3}$/.test(code) && languageOf(code) ? code : undefined
}

export function roleOf(stream: FfprobeStream): SoundRole {
  if (is(stream, 'comment')) return 'commentary'
  return is(stream, 'visual_impaired', 'descriptions') ? 'description' : 'main'
}

/** The sounds of a film that are kept, first the one that its author preferred. */
export function soundsIn(streams: readonly FfprobeStream[]): Chosen<FfprobeStream> {
  const all = streams.filter((stream) => stream.codec_type === 'audio' && (stream.channels ?? 0) > 0)
  const first =
    all.find((stream) => is(stream, 'default')) ??
    all.find((stream) => is(stream, 'original')) ??
    all.find((stream) => roleOf(stream) === 'main') ??
    all[0]
  const sounds = first ? [first, ...all.filter((stream) => stream !== first)] : []
  return bounded(sounds, MOST_SOUNDS)
}

/** The tracks of text, and why others are left out. */
export function textsIn(streams: readonly FfprobeStream[]): Chosen<TextTrack> {
  const subtitles = streams.filter((stream) => stream.codec_type === 'subtitle')
  const isText = ({ codec_name }: FfprobeStream) => TEXT.includes(codec_name ?? '')
  const texts = bounded(subtitles.filter(isText).map(toText), MOST_TEXTS)
  const others = subtitles
    .filter((stream) => !isText(stream))
    .map(({ codec_name }) => (PICTURES.includes(codec_name ?? '') ? LEFT_OUT.pictures : LEFT_OUT.unreadable))
  return { kept: texts.kept, leftOut: [...others, ...texts.leftOut] }
}

function toText(stream: FfprobeStream): TextTrack {
  return {
    index: stream.index,
    ...labelOf(stream),
    preferred: is(stream, 'default'),
    forced: is(stream, 'forced'),
    hearingImpaired: is(stream, 'hearing_impaired', 'captions'),
  }
}

const bounded = <Track>(tracks: readonly Track[], most: number): Chosen<Track> => ({
  kept: tracks.slice(0, most),
  leftOut: tracks.slice(most).map(() => LEFT_OUT.tooMuch),
})

/** @param origin seconds at which the film begins by the file's clock */
export function chaptersIn(
  chapters: readonly FfprobeChapter[],
  origin: number,
  durationSeconds: number | undefined,
): Chapter[] {
  const told = chapters.map(({ start_time, tags }) => ({
    start: Number.parseFloat(start_time ?? '') - origin,
    title: tags?.title,
  }))
  return chaptersOf(told, durationSeconds)
}
