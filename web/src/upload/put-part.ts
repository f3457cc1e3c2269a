export interface PutOptions {
  /** Bytes of this part that have left so far. */
  readonly onProgress: (loaded: number) => void
  readonly signal: AbortSignal
}

/** Sends one part. @returns the status; 0 when there was no answer @throws AbortError */
export type PutPart = (url: string, part: Blob, options: PutOptions) => Promise<number>

/** By XMLHttpRequest, since fetch does not tell how much of a body has left. */
export const putPart: PutPart = (url, part, { onProgress, signal }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', url)
    request.upload.onprogress = (event) => onProgress(event.loaded)
    request.onload = () => resolve(request.status)
    request.onerror = () => resolve(0)
    request.ontimeout = () => resolve(0)
    request.onabort = () => reject(new DOMException('The part was stopped', 'AbortError'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    if (signal.aborted) request.abort()
    else request.send(part)
  })
