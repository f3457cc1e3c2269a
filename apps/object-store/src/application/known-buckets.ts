import type { Clock } from '@balcao/kernel'
import { checkBucketName, isBucketName } from '../domain/names.ts'
import { refusal } from '../domain/refusal.ts'
import type { Bucket, Buckets } from './ports/buckets.ts'

/** The buckets of the installation. Every request names one, so those that were found are remembered: a bucket never
 *  goes away. */
export class KnownBuckets {
  readonly #found = new Set<string>()

  constructor(
    private readonly buckets: Buckets,
    private readonly clock: Clock,
  ) {}

  /** Makes those that are not there.  @throws AppError `InvalidBucketName` */
  async ensure(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      checkBucketName(name)
      await this.buckets.add({ name, createdAt: this.clock.now() })
    }
  }

  all(): Promise<Bucket[]> {
    return this.buckets.all()
  }

  /** @param name of any form: one that no bucket can have is none */
  async has(name: string): Promise<boolean> {
    if (this.#found.has(name)) return true
    const found = isBucketName(name) && (await this.buckets.has(name))
    if (found) this.#found.add(name)
    return found
  }

  /** @throws AppError `NoSuchBucket` */
  async check(name: string): Promise<void> {
    if (!(await this.has(name))) throw refusal('NoSuchBucket')
  }
}
