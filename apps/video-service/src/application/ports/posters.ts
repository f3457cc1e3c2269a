/** What an owner chose last for the poster of a video. */
export interface PosterChoice {
  /** 1, 2, 3 …; 0 where nothing was ever chosen. */
  readonly choice: number
  /** Seconds of film; undefined is the automatic poster. */
  readonly atSeconds: number | undefined
  /** The picture that is shown: of this choice, or of one before it until this one is made. */
  readonly shownKey: string | undefined
  /** Whether its picture is still to be made. */
  readonly pending: boolean
}

/** Posters that people chose. They lie apart from what is made of films: no attempt loses them. */
export interface Posters {
  /** The last choice counts.  @param atSeconds undefined goes back to the automatic poster */
  choose(videoId: string, atSeconds: number | undefined, now: Date): Promise<void>
  /** Undefined where the video is erased. */
  choiceOf(videoId: string): Promise<PosterChoice | undefined>
  /** There is a picture of that choice. It changes nothing where there was another choice since. */
  made(videoId: string, choice: number, key: string): Promise<void>
  /** No picture comes of that choice: back to the automatic one, unless there was another choice since. */
  withdraw(videoId: string, choice: number): Promise<void>
  /** Videos whose choice nobody has made a picture of for `seconds`; each is told once in that time. */
  forgotten(now: Date, seconds: number): Promise<{ videoId: string; owner: string }[]>
}
