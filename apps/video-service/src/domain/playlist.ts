import {
  AUDIO_GROUP,
  type SoundRendition,
  SUBTITLES_GROUP,
  type SubtitlesRendition,
  soundTags,
  subtitleTags,
} from './media-tags.ts'

/** A rendition as a playlist tells of it (RFC 8216). */
export interface PlaylistRendition {
  /** `1080`, `720`, `480` …, or `audio`. */
  readonly name: string
  readonly kind: 'video' | 'audio'
  /** Bits a second: the most any segment takes (estimated until the rendition is complete, RFC 8216 §4.3.4.2), and the
   *  mean over all. */
  readonly bandwidth: number
  readonly averageBandwidth: number
  /** Of the picture; undefined for audio. */
  readonly width: number | undefined
  readonly height: number | undefined
  /** Frames a second. */
  readonly frameRate: number | undefined
  /** RFC 6381: `avc1.64001f`, `mp4a.40.2`. */
  readonly codecs: string
  /** Of a sound. */
  readonly track?: Pick<SoundRendition, 'language' | 'title' | 'role'> | undefined
}

/** Bytes of an object that holds others beside them. */
export interface ByteRange {
  readonly start: number
  readonly size: number
}

/** Where a player finds something: an object, or some of its bytes. */
export interface PlaylistBytes {
  readonly url: string
  readonly range?: ByteRange | undefined
}

export interface PlaylistSegment extends PlaylistBytes {
  readonly durationSeconds: number
}

type Sounds = readonly PlaylistRendition[]
type Subtitles = readonly SubtitlesRendition[]

function variant(rendition: PlaylistRendition, audio: Sounds, subtitles: Subtitles): string[] {
  // A sound that is one of the choices counts as such.
  const alone = rendition.kind === 'video' || audio.length === 0
  const most = (of: 'bandwidth' | 'averageBandwidth') =>
    Math.ceil((alone ? rendition[of] : 0) + Math.max(0, ...audio.map((sound) => sound[of])))
  const attributes = [
    // RFC 8216 §4.3.4.2: of every playable combination, so the group's largest audio counts.
    `BANDWIDTH=${most('bandwidth')}`,
    `AVERAGE-BANDWIDTH=${most('averageBandwidth')}`,
    `CODECS="${[...new Set([rendition, ...audio].map(({ codecs }) => codecs))].join(',')}"`,
    rendition.width && rendition.height && `RESOLUTION=${rendition.width}x${rendition.height}`,
    rendition.frameRate && `FRAME-RATE=${rendition.frameRate.toFixed(3)}`,
    audio.length > 0 && `AUDIO="${AUDIO_GROUP}"`,
    subtitles.length > 0 && `SUBTITLES="${SUBTITLES_GROUP}"`,
  ]
  return [`#EXT-X-STREAM-INF:${attributes.filter(Boolean).join(',')}`, `${rendition.name}.m3u8`]
}

/** The master playlist, best picture first; where there is only sound, the first sound is the variant. */
export function masterPlaylist(renditions: readonly PlaylistRendition[], subtitles: Subtitles = []): string {
  const pictures = renditions.filter((r) => r.kind === 'video').sort((a, b) => b.bandwidth - a.bandwidth)
  const sounds = renditions.filter((r) => r.kind === 'audio')
  const choices = pictures.length > 0 || sounds.length > 1 ? sounds : []
  const variants = pictures.length > 0 ? pictures : sounds.slice(0, 1)
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...soundTags(choices.map(({ name, track }) => ({ name, ...(track ?? UNTOLD) }))),
    ...subtitleTags(subtitles),
    ...variants.flatMap((shown) => variant(shown, choices, subtitles)),
    '',
  ].join('\n')
}
const UNTOLD = { language: undefined, title: undefined, role: 'main' } as const

/** The playlist of subtitles, which are one segment as long as the film. */
export function subtitlesPlaylist(subtitles: { readonly durationSeconds: number; readonly url: string }): string {
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.round(subtitles.durationSeconds))}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    `#EXTINF:${subtitles.durationSeconds.toFixed(6)},`,
    subtitles.url,
    '#EXT-X-ENDLIST',
    '',
  ].join('\n')
}

/** Seconds; the longest segment we publish: copied pictures have keyframes at most 10 s apart (VIDEO.md), and a live
 *  playlist may not change what it said (RFC 8216 §6.2.1). */
export const LONGEST_SEGMENT = 10

/** RFC 8216 §4.3.2.2. */
const told = ({ start, size }: ByteRange) => `${size}@${start}`

/** RFC 8216 §4.3.2.5. */
const map = ({ url, range }: PlaylistBytes) => `#EXT-X-MAP:URI="${url}"${range ? `,BYTERANGE="${told(range)}"` : ''}`

const entry = ({ durationSeconds, url, range }: PlaylistSegment) => [
  `#EXTINF:${durationSeconds.toFixed(6)},`,
  ...(range ? [`#EXT-X-BYTERANGE:${told(range)}`] : []),
  url,
]

/** The playlist of one rendition. @param live as it was when the capability was given: an event, which only grows */
export function mediaPlaylist(input: {
  init: PlaylistBytes
  segments: readonly PlaylistSegment[]
  live: boolean
  complete: boolean
}): string {
  const longest = Math.round(Math.max(1, ...input.segments.map((segment) => segment.durationSeconds)))
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${input.live ? Math.max(LONGEST_SEGMENT, longest) : longest}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    `#EXT-X-PLAYLIST-TYPE:${input.live ? 'EVENT' : 'VOD'}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    // Without it a player begins a growing playlist at its end.
    ...(input.live ? ['#EXT-X-START:TIME-OFFSET=0,PRECISE=YES'] : []),
    map(input.init),
    ...input.segments.flatMap(entry),
    ...(input.complete ? ['#EXT-X-ENDLIST'] : []),
    '',
  ]
  return lines.join('\n')
}
