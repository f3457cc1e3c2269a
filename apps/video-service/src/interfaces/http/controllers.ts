import { DownloadHealthController, UploadHealthController } from './health.controllers.ts'
import { LibraryController } from './library.controller.ts'
import { PlaybackController } from './playback.controller.ts'
import { UploadController } from './upload.controller.ts'

export const upload = [UploadHealthController, UploadController]
export const download = [DownloadHealthController, LibraryController, PlaybackController]
