/** What an upload is doing, as the panel shows it. */
export type UploadState =
  | 'preparing'
  | 'duplicate'
  | 'needs_file'
  | 'uploading'
  | 'waiting'
  /** No other part leaves; those on their way still arrive. */
  | 'pausing'
  | 'paused'
  | 'completing'
  | 'done'
  | 'failed'

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
  /** The code of why it failed. */
  readonly problem: { code: string; detail: string } | undefined
  /** The browser still holds the file and only needs a word of permission. */
  readonly kept: boolean
}

/** States in which closing the page would stop something. */
export const isBusy = (state: UploadState): boolean =>
  ['preparing', 'uploading', 'waiting', 'pausing', 'completing'].includes(state)
