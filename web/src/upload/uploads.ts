import { useSyncExternalStore } from 'react'
import { session } from '../session/session.ts'
import { isSaving } from '../ui/save-file.ts'
import { holdUpload } from './hold.ts'
import { keptFiles } from './kept-files.ts'
import { putPart } from './put-part.ts'
import { uploadApi } from './upload-api.ts'
import { Uploader } from './uploader.ts'

/** The page's one uploader: it goes on while the person walks from page to page. */
export const uploads = new Uploader({
  api: uploadApi(session),
  put: putPart,
  hold: holdUpload,
  onBegin: (videoId, file) => void keptFiles.keep(videoId, file),
  onGone: (videoId) => void keptFiles.forget(videoId),
})

window.addEventListener('online', () => uploads.wake())
window.addEventListener('beforeunload', (event) => {
  if (uploads.busy && !isSaving()) event.preventDefault()
})

/** What was left half sent; called once somebody is signed in. */
export const recallUploads = (): Promise<void> => uploads.recall(keptFiles.has)

/** Nothing of one person is left for the next. */
export function forgetUploads(): void {
  uploads.clear()
  void keptFiles.clear()
}

export const useUploads = () => useSyncExternalStore(uploads.subscribe, () => uploads.views)
