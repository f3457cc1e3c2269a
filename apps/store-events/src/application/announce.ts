import { newId } from '@balcao/kernel'
import type { Buckets, EventBus } from '@balcao/platform'
import type { Place } from '../domain/notification.ts'

/** Tells the other services that an object is there, as our own store does. */
export class Announce {
  constructor(
    private readonly objects: Buckets,
    private readonly events: Pick<EventBus, 'publish'>,
    private readonly buckets: readonly string[],
  ) {}

  /** Asks the store for what it has now; an object that is gone again is not told of, nor one of somebody else's bucket.
   *  Told twice, it is published twice: whoever hears it knows what it has done. */
  async run({ bucket, key }: Place): Promise<void> {
    if (!this.buckets.includes(bucket)) return
    const stored = await this.objects.bucket(bucket).head(key)
    if (stored) await this.events.publish('object-store.object-created', newId(), { bucket, ...stored })
  }
}
