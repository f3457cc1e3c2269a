import Hls, { Events, type MediaPlaylist } from 'hls.js'

/** What a person may choose to hear or to read. */
export interface Track {
  /** hls.js' index of it. */
  readonly id: number
  /** BCP 47. */
  readonly language: string | undefined
  /** As the playlist calls it: the author's title, else its language's own name, else a number. */
  readonly name: string
  readonly role: 'commentary' | 'description' | 'captions' | undefined
}

export interface Tracks {
  readonly sounds: readonly Track[]
  readonly sound: number
  readonly texts: readonly Track[]
  /** -1 while none is shown that was chosen. */
  readonly text: number
}

export const noTracks: Tracks = { sounds: [], sound: -1, texts: [], text: -1 }

/** CHARACTERISTICS of the playlist (RFC 8216 §4.3.4.1), and our own for commentaries. */
const ROLES = [
  ['describes-video', 'description'],
  ['private.balcao.commentary', 'commentary'],
  ['describes-music-and-sound', 'captions'],
] as const

const toTrack = ({ lang, name, characteristics = '' }: MediaPlaylist, id: number): Track => ({
  id,
  language: lang,
  name,
  role: ROLES.find(([mark]) => characteristics.includes(mark))?.[1],
})

/** Tells of every change of the tracks that hls.js offers.  @returns how to choose among them */
export function followTracks(hls: Hls, onTracks: (tracks: Tracks) => void) {
  // Of what is said in another language than the sound's: shown while no other is, and no choice.
  const isForced = ({ forced }: MediaPlaylist) => forced
  const forcedNow = () => {
    const heard = hls.audioTracks[hls.audioTrack]?.lang
    return hls.subtitleTracks.findIndex((text) => isForced(text) && text.lang === heard)
  }
  const tell = () => {
    const { subtitleTrack, subtitleTracks } = hls
    const chosen = subtitleTracks[subtitleTrack]
    onTracks({
      sounds: hls.audioTracks.map(toTrack),
      sound: hls.audioTrack,
      texts: subtitleTracks
        .map((text, id) => [text, toTrack(text, id)] as const)
        .flatMap(([text, track]) => (isForced(text) ? [] : track)),
      text: chosen && !isForced(chosen) ? subtitleTrack : -1,
    })
  }
  const read = (id: number) => {
    hls.subtitleTrack = id === -1 ? forcedNow() : id
  }
  hls.on(Events.AUDIO_TRACKS_UPDATED, tell)
  hls.on(Events.AUDIO_TRACK_SWITCHED, () => {
    const chosen = hls.subtitleTracks[hls.subtitleTrack]
    if (!chosen || isForced(chosen)) read(-1)
    tell()
  })
  hls.on(Events.SUBTITLE_TRACKS_UPDATED, tell)
  hls.on(Events.SUBTITLE_TRACK_SWITCH, tell)
  return {
    hear: (id: number) => {
      hls.audioTrack = id
    },
    read,
  }
}

/** The text to show when somebody wants one: in their own language where there is one. */
export function firstText({ texts }: Tracks, language: string): Track | undefined {
  const [wanted] = language.split('-')
  return texts.find((text) => text.language?.split('-')[0] === wanted) ?? texts[0]
}
