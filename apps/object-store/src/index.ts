import type { Service } from '@balcao/platform'
import m0001 from '../migrations/0001_objects.sql'
import { serveStore } from './interfaces/server.ts'

/** An S3-compatible store on disk: what Balcão uses of S3, exactly, on an origin of its own. */
export const objectStore: Service = {
  name: 'object-store',
  migrations: { '0001_objects': m0001 },
  connections: 10,
  serve: serveStore,
}
