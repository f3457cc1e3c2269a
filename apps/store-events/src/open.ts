import type { PlatformOf } from '@balcao/platform'
import { Announce } from './application/announce.ts'
import { HearNotification } from './application/hear-notification.ts'
import { Listen } from './application/listen.ts'
import { SqsNotifications } from './infrastructure/sqs-notifications.ts'

export type StoreEvents = Awaited<ReturnType<typeof open>>

/** The wiring: a queue is listened to where one is named. */
export async function open(platform: PlatformOf<'events' | 'objects'>) {
  const { config, events, log, objects } = platform
  const { mediaBucket, tempBucket, events: told, keys } = config.store
  const announce = new Announce(objects, events, [mediaBucket, tempBucket])
  const hear = new HearNotification(announce)
  const queue = told.queueUrl && new SqsNotifications({ queueUrl: told.queueUrl, region: config.region, keys })
  const listen = queue
    ? new Listen(queue, hear, (error) => log.warn({ err: error }, 'a notification of the store was left in its queue'))
    : undefined
  return {
    token: told.token,
    hear,
    listen: async () => listen?.run(),
    close: async () => listen?.close(),
  }
}
