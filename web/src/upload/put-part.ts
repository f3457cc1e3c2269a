export interface PutOptions {
  /** Bytes of this part that have left so far. */
  readonly onProgress: (loaded: number) => void
  readonly signal: AbortSignal
}

/** Sends one part. @returns the status; 0 when there was no answer @throws AbortError */
export type PutPart = (url: string, part: Blob, options: PutOptions) => Promise<number>

/** Milliseconds without a byte that leaves, or without the answer after the last, before a part counts as lost. */
export const SILENCE_MS = 120_000

/** By XMLHttpRequest, since fetch does not tell how much of a body has left. */
export const putPart: PutPart = (url, part, { onProgress, signal }) =>
  new Promise<number>((resolve, reject) => {
    signal.throwIfAborted()
    const request = new XMLHttpRequest()
    const giveUp = () => {
      resolve(0)
      request.abort()
    }
    let silence = setTimeout(giveUp, SILENCE_MS)
    request.open('PUT', url)
    request.upload.onprogress = (event) => {
      clearTimeout(silence)
      silence = setTimeout(giveUp, SILENCE_MS)
      onProgress(event.loaded)
    }
    request.onload = () => resolve(request.status)
    request.onerror = () => resolve(0)
    request.onabort = () => reject(new DOMException('The part was stopped', 'AbortError'))
    request.onloadend = () => clearTimeout(silence)
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(part)
  })
