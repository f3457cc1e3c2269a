/** A named secret with its history. New work uses `current`; old work finds its key by id. */
export interface SecretKey {
  /** Short and public: it may stand beside what it protects. */
  readonly id: string
  readonly bytes: Buffer
}

export interface Secrets {
  /** The current key of that name, made once (32 random bytes) if there is none. */
  current(name: string): Promise<SecretKey>
  /** A key by its id. @throws AppError `secrets/unknown_key` */
  byId(name: string, id: string): Promise<SecretKey>
  /** A text made once by `make` and kept: access keys, private keys in PEM. */
  text(name: string, make: () => string | Promise<string>): Promise<string>
}
