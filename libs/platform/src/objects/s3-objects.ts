import { S3Client } from '@aws-sdk/client-s3'
import type { Config } from '../config/config.ts'
import type { Bucket, Buckets } from './buckets.ts'
import { S3Bucket, type S3Connection } from './s3-bucket.ts'
import { storeDirOf } from './shared-disk.ts'

const MiB = 1024 * 1024
const GiB = 1024 * MiB

/** Buckets over S3's protocol: our own store, S3 itself, or anything compatible. */
export class S3Objects implements Buckets {
  readonly #connection: S3Connection

  /** @param limits see S3Connection */
  constructor(
    config: Pick<Config, 'region' | 'store' | 'urls' | 'dataDir'>,
    limits: S3Connection['limits'] = { singlePut: 512 * MiB, part: 64 * MiB, singleCopy: 5 * GiB, copiedPart: GiB },
  ) {
    this.#connection = {
      client: new S3Client({
        region: config.region,
        endpoint: config.store.endpoint,
        forcePathStyle: true,
        credentials: config.store.keys,
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
      }),
      endpoint: config.store.endpoint,
      signer: { ...config.store.keys, region: config.region, service: 's3' },
      origin: config.urls.objectStore,
      storeDir: storeDirOf(config),
      isOurs: config.store.kind === 'embedded',
      limits,
    }
  }

  bucket(name: string): Bucket {
    return new S3Bucket(name, this.#connection)
  }
}
