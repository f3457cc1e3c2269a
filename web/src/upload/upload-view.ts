import type { UploadState } from './upload-states.ts'

/** An upload as the panel shows it. */
export interface UploadView {
  /** Of this page, not the server's. */
  readonly id: string
  readonly videoId: string | undefined
  readonly fileName: string
  /** Bytes. */
  readonly size: number
  readonly sent: number
  readonly state: UploadState
  /** Bytes per second, while it is known. */
  readonly speed: number | undefined
  readonly secondsLeft: number | undefined
  /** The code of why it failed. `missing` bytes, where the server had no room and knew how many. */
  readonly problem: { code: string; detail: string; missing?: unknown } | undefined
  /** The browser still holds the file and only needs a word of permission. */
  readonly kept: boolean
}
