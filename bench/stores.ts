import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bucket } from '@balcao/platform'
import { S3Objects } from '@balcao/platform/adapters'
import { SeaweedFs, testConfig } from '@balcao/testing'
import { type Balcao, startBalcao } from '../e2e/support/balcao.ts'

const BUCKET = 'balcao-media'

/** A store that runs for a bench. */
export interface Store {
  readonly name: string
  readonly url: string
  readonly bucket: Bucket
  /** Processes that do the work. */
  pids(): Promise<number[]>
  remove(): Promise<void>
}

/** The store of an installation that is idle beside it: its process and everything of PostgreSQL. */
export async function startOurs(): Promise<Store> {
  const balcao = await startBalcao()
  const url = balcao.objectStoreUrl
  const { bucket, forget } = await bucketAt(url, await keysOf(balcao))
  const remove = async () => {
    await forget()
    await balcao.remove()
  }
  const pids = async () => {
    const all = await balcao.processes()
    return all.filter(({ name }) => name === 'object-store' || name === 'postgres').map(({ pid }) => pid)
  }
  return { name: 'ours', url, bucket, pids, remove }
}

export async function startSeaweedFs(): Promise<Store> {
  const weed = await SeaweedFs.start()
  await weed.createBucket(BUCKET)
  const { bucket, forget } = await bucketAt(weed.url, weed.keys)
  const remove = async () => {
    await forget()
    await weed.remove()
  }
  return { name: 'SeaweedFS', url: weed.url, bucket, pids: async () => [weed.process.pid!], remove }
}

async function keysOf({ dataDir }: Balcao): Promise<Keys> {
  const secret = (name: string) => readFile(join(dataDir, 'secrets', `object-store-${name}.txt`), 'utf8')
  return { accessKeyId: await secret('access-key-id'), secretAccessKey: await secret('secret-access-key') }
}

interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

async function bucketAt(endpoint: string, keys: Keys) {
  const { config, remove } = await testConfig('postgresql://unused/unused')
  const urls = { ...config.urls, objectStore: endpoint }
  const objects = new S3Objects({ ...config, region: 'us-east-1', urls, store: { ...config.store, endpoint, keys } })
  return { bucket: objects.bucket(BUCKET), forget: remove }
}
