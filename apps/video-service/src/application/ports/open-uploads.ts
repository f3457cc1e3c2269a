import type { Video } from '../../domain/video.ts'

export interface OpenUploads {
  /** Uploads not complete and older than `before`, those looked at longest ago first; marks them as looked at. */
  takeOpen(now: Date, before: Date, limit: number): Promise<{ video: Video; activeAt: Date }[]>
  /** Those of the keys under which some video's upload is, or was, expected. */
  known(keys: readonly string[]): Promise<ReadonlySet<string>>
}
