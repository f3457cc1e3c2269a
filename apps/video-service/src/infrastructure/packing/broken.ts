import { AppError } from '@balcao/kernel'

/** What ffmpeg wrote is not what it writes: nothing is guessed. @param what in English, for the log */
export const broken = (what: string) =>
  new AppError('unavailable', 'video/verification_failed', 'Um trecho do filme não está como devia.', { what })
