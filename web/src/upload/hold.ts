/** Keeps an upload for this tab until it is released or the tab closes. @returns undefined while another tab has it */
export function holdUpload(videoId: string): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(`balcao-upload-${videoId}`, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(undefined)
        return new Promise<void>((release) => resolve(release))
      })
      .catch(reject)
  })
}
