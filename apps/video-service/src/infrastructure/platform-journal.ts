import type { Platform } from '@balcao/platform'
import { type Journal, VIDEO_EVENTS, type VideoEvent } from '../application/journal.ts'

/** The journal as a log line and a counter `video_<event>_total`. */
export class PlatformJournal implements Journal {
  constructor(private readonly platform: Pick<Platform, 'log' | 'metrics' | 'sql'>) {}

  record(event: VideoEvent, fields: Parameters<Journal['record']>[1]): void {
    // What a transaction took back did not happen.
    this.platform.sql.afterCommit(() => {
      this.platform.log.info({ event, ...fields }, VIDEO_EVENTS[event])
      this.platform.metrics.count(`video_${event}_total`, VIDEO_EVENTS[event])
    })
  }
}
