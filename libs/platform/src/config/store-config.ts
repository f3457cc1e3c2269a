import { AppError } from '@balcao/kernel'
import type { Env } from './env.ts'

export interface AccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface StoreConfig {
  /** Our own on this machine's disk, or somebody else's that speaks S3: Amazon's, or one on machines of one's own. */
  readonly kind: 'embedded' | 's3'
  /** Where services reach it; browsers go to `urls.objectStore`. */
  readonly endpoint: string
  readonly keys: AccessKey
  readonly mediaBucket: string
  readonly tempBucket: string
  /** How somebody else's store tells that an object is there: by a queue of SQS, by requests that carry the token. */
  readonly events: { readonly queueUrl: string | undefined; readonly token: string | undefined }
}

/** Characters that a key of our own store has at least. */
const SHORTEST_KEY = 16

/** Where objects are kept: OBJECT_STORE says it, else PLATFORM.
 *  @param url where browsers reach the store  @throws AppError `config/store` for a variable that is missing, or one of
 *  the store that was not chosen */
export function storeConfig(env: Env, url: string): StoreConfig {
  const kind = kindOfStore(env)
  const { OBJECT_STORE_ACCESS_KEY_ID: accessKeyId, OBJECT_STORE_SECRET_ACCESS_KEY: secretAccessKey } = env
  if (kind === 's3') {
    const needed = ['OBJECT_STORE_URL', 'OBJECT_STORE_ACCESS_KEY_ID', 'OBJECT_STORE_SECRET_ACCESS_KEY'] as const
    const missing = needed.filter((name) => !env[name])
    if (missing.length > 0)
      throw refused(`${chosenBy(env)} keeps objects in a store that is not ours: set ${missing.join(', ')}.`)
  } else {
    const stray = (['STORE_EVENTS_QUEUE_URL', 'STORE_EVENTS_TOKEN'] as const).find((name) => env[name])
    if (stray) throw refused(`${stray} is set, but our own store needs no word: set OBJECT_STORE=s3, or take it away.`)
    const short = (['OBJECT_STORE_ACCESS_KEY_ID', 'OBJECT_STORE_SECRET_ACCESS_KEY'] as const).find(
      (name) => (env[name]?.length ?? 0) < SHORTEST_KEY,
    )
    if (short) throw refused(`${short} needs at least ${SHORTEST_KEY} characters.`)
  }
  return {
    kind,
    endpoint: env.OBJECT_STORE_ENDPOINT ?? url,
    keys: { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! },
    mediaBucket: env.MEDIA_BUCKET,
    tempBucket: env.TEMP_BUCKET,
    events: { queueUrl: env.STORE_EVENTS_QUEUE_URL, token: env.STORE_EVENTS_TOKEN },
  }
}

/** Also before there is a configuration: keys are made for our own store only. */
export const kindOfStore = (env: { OBJECT_STORE?: string | undefined; PLATFORM?: string | undefined }) =>
  env.OBJECT_STORE === 's3' || (!env.OBJECT_STORE && env.PLATFORM === 'aws') ? 's3' : 'embedded'

const chosenBy = (env: Env) => (env.OBJECT_STORE ? 'OBJECT_STORE=s3' : 'PLATFORM=aws')
const refused = (sentence: string) => new AppError('invalid', 'config/store', sentence)
