/** Packs files that are there into one that can be handed out. */
export interface Zip {
  /** Streams them, in order and as they are (pictures do not get smaller), into `<dir>/frames.zip`.
   *  @returns its path, bytes and SHA-256 in hexadecimal */
  pack(
    entries: readonly { readonly path: string; readonly name: string }[],
    dir: string,
    signal: AbortSignal,
  ): Promise<{ path: string; size: number; sha256: string }>
}
