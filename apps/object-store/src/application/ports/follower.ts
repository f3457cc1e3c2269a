/** Hashes that take a processor longer than the file system takes for the same bytes. */
const HASH_NAMES = ['MD5', 'SHA1', 'SHA256'] as const
export type HashName = (typeof HASH_NAMES)[number]

export const isHashName = (name: string): name is HashName => (HASH_NAMES as readonly string[]).includes(name)

/** Reads a file behind its writer. */
export interface Follower {
  /** The file's bytes are there up to this position. */
  written(until: number): void
  /** The hashes of all that was written, in base64. */
  end(): Promise<Readonly<Partial<Record<HashName, string>>>>
  /** Once this returns the file may be closed, whether it was read to its end or not. */
  leave(): Promise<void>
}
