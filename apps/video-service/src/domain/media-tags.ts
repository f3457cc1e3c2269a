import type { SoundRole, TrackLabel } from './media/tracks.ts'

export const AUDIO_GROUP = 'audio'
export const SUBTITLES_GROUP = 'subtitles'

/** What names of renditions of subtitles begin with; no other's does. */
export const SUBTITLES = 'text'

/** A sound that can be chosen. */
export interface SoundRendition extends TrackLabel {
  /** Of its playlist, without `.m3u8`. */
  readonly name: string
  readonly role: SoundRole
}

/** Subtitles that can be chosen. */
export interface SubtitlesRendition extends TrackLabel {
  readonly name: string
  readonly preferred: boolean
  readonly forced: boolean
  readonly hearingImpaired: boolean
}

/** RFC 8216 §4.3.4.1; the last is our own, which the section allows: there is none for commentaries. */
const CHARACTERISTICS = {
  description: 'public.accessibility.describes-video',
  hearingImpaired: 'public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound',
  commentary: 'private.balcao.commentary',
} as const

interface Media {
  readonly type: 'AUDIO' | 'SUBTITLES'
  readonly group: string
  readonly rendition: TrackLabel & { readonly name: string }
  readonly preferred: boolean
  /** A player may choose it by itself. */
  readonly fits: boolean
  readonly forced: boolean
  readonly characteristics: string | undefined
}

/** EXT-X-MEDIA of each sound; the first one is heard where nobody chooses. */
export function soundTags(sounds: readonly SoundRendition[]): string[] {
  return tags(
    sounds.map((rendition, at) => ({
      type: 'AUDIO',
      group: AUDIO_GROUP,
      rendition,
      preferred: at === 0,
      fits: rendition.role !== 'commentary',
      forced: false,
      characteristics: rendition.role === 'main' ? undefined : CHARACTERISTICS[rendition.role],
    })),
  )
}

/** EXT-X-MEDIA of each track of subtitles; one is shown where nobody chooses, if its author wishes so. */
export function subtitleTags(subtitles: readonly SubtitlesRendition[]): string[] {
  const shown = subtitles.findIndex(({ preferred }) => preferred)
  return tags(
    subtitles.map((rendition, at) => ({
      type: 'SUBTITLES',
      group: SUBTITLES_GROUP,
      rendition,
      preferred: at === shown,
      fits: true,
      forced: rendition.forced,
      characteristics: rendition.hearingImpaired ? CHARACTERISTICS.hearingImpaired : undefined,
    })),
  )
}

/** Every name differs from the others of its group, and so do those that a player may choose by itself. */
function tags(media: readonly Media[]): string[] {
  const names = new Set<string>()
  const choices = new Set<string>()
  return media.map(({ type, group, rendition, preferred, fits, forced, characteristics }, at) => {
    const name = unused(rendition.title ?? nameOf(rendition.language) ?? String(at + 1), names)
    const choice = [rendition.language, forced, characteristics].join()
    const alone = (fits && !choices.has(choice)) || preferred
    if (alone) choices.add(choice)
    const attributes = [
      `TYPE=${type}`,
      `GROUP-ID="${group}"`,
      `NAME="${name}"`,
      rendition.language && `LANGUAGE="${rendition.language}"`,
      `DEFAULT=${preferred ? 'YES' : 'NO'}`,
      `AUTOSELECT=${alone ? 'YES' : 'NO'}`,
      forced && 'FORCED=YES',
      characteristics && `CHARACTERISTICS="${characteristics}"`,
      `URI="${rendition.name}.m3u8"`,
    ]
    return `#EXT-X-MEDIA:${attributes.filter(Boolean).join(',')}`
  })
}

/** What a language calls itself. */
function nameOf(language: string | undefined): string | undefined {
  return language && new Intl.DisplayNames([language], { type: 'language' }).of(language)
}

function unused(wanted: string, names: Set<string>): string {
  // A quoted string holds neither quotes nor line ends (§4.2).
  const plain = wanted.replaceAll(/["\r\n]/g, '’')
  let name = plain
  for (let number = 2; names.has(name); number++) name = `${plain} ${number}`
  names.add(name)
  return name
}
