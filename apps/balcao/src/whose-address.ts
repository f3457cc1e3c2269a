import { isIP } from 'node:net'
import type { Config } from '@balcao/platform'

export interface Address {
  /** Of the internet, or the path of a socket, which has no port. */
  readonly address?: string
  readonly port?: number
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  'http:': '80',
  'https:': '443',
  'postgres:': '5432',
  'postgresql:': '5432',
}

/** Whose address that is and which variables say so: `the database (DATABASE_URL)`. Of a name the port alone tells it,
 *  so it may be more than one. */
export function whoseAddress({ address, port }: Address, config: Config): string[] {
  if (port === undefined) return ['the database (DATABASE_URL)'] // nothing else of ours is reached by a socket
  const { databaseUrl, migrationDatabaseUrl, store, urls, cache } = config
  const owners = {
    'the database (DATABASE_URL)': databaseUrl,
    'the database (MIGRATION_DATABASE_URL)': migrationDatabaseUrl === databaseUrl ? undefined : migrationDatabaseUrl,
    'the object store (OBJECT_STORE_ENDPOINT, OBJECT_STORE_URL)': store.endpoint,
    'the user pool (USER_POOL_URL)': urls.userPool,
    'the cache (REDIS_HOST)': cache.kind === 'redis' ? `redis://${cache.host}:${cache.port}` : undefined,
  }
  return Object.entries(owners).flatMap(([owner, text]) => {
    const url = text === undefined ? null : URL.parse(text)
    if (!url || Number(url.port || DEFAULT_PORTS[url.protocol]) !== port) return []
    const host = url.hostname.replace(/^\[|\]$/g, '')
    return isIP(host) && host !== address ? [] : [owner]
  })
}
