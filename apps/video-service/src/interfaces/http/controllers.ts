import { FramesController } from './frames.controller.ts'
import { LibraryController } from './library.controller.ts'
import { PlaybackController } from './playback.controller.ts'
import { SettingsController } from './settings.controller.ts'
import { UploadController } from './upload.controller.ts'

export const upload = [SettingsController, UploadController]
export const download = [FramesController, LibraryController, PlaybackController]
