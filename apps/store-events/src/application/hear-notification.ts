import { objectsCreated } from '../domain/notification.ts'
import { refusals } from '../domain/refusals.ts'
import type { Announce } from './announce.ts'

/** Takes a store's word of new objects. */
export class HearNotification {
  constructor(private readonly announce: Announce) {}

  /** @param notification JSON, as a store or what carries its word sends it
   *  @throws AppError `request/invalid` for what is no notification */
  async run(notification: unknown): Promise<void> {
    const created = objectsCreated(notification)
    if (!created) throw refusals.notANotification()
    for (const place of created) await this.announce.run(place)
  }
}
