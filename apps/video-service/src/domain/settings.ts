/** How a person's videos are kept. */
export interface Settings {
  /** Whether what is sent is kept where no output is the same. */
  readonly keepOriginals: boolean
}

/** An original is the only good copy of much that people film: nobody loses one who did not ask for it (C12). */
export const defaultSettings: Settings = { keepOriginals: true }
