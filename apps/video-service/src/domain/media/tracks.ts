/** What a sound is beside the one that everybody hears. */
export const SOUND_ROLES = ['main', 'commentary', 'description'] as const
export type SoundRole = (typeof SOUND_ROLES)[number]

/** What a track of sound or text says of itself. */
export interface TrackLabel {
  /** BCP 47; undefined where it is not told. */
  readonly language: string | undefined
  /** What its author calls it. */
  readonly title: string | undefined
}

/** A track of text that can become subtitles. */
export interface TextTrack extends TrackLabel {
  readonly index: number
  /** Its author wants it shown. */
  readonly preferred: boolean
  /** Of what is said in another language than the sound's. */
  readonly forced: boolean
  /** Tells what is heard, too. */
  readonly hearingImpaired: boolean
}

/** Why a track is not among what can be watched: the original has it. */
export const LEFT_OUT = {
  /** Subtitles that are pictures of text. */
  pictures: 'pictures',
  /** Text that a device wrote: where it was, how it was set. */
  readings: 'readings',
  /** Nothing could be read of it. */
  unreadable: 'unreadable',
  /** More text, or more tracks, than a film needs. */
  tooMuch: 'too_much',
} as const
export type LeftOut = (typeof LEFT_OUT)[keyof typeof LEFT_OUT]

/** As many sounds of a film are kept. */
export const MOST_SOUNDS = 8
/** As many tracks of text are read. */
export const MOST_TEXTS = 32
