import type { Store } from '../open.ts'
import type { Answer } from './call.ts'

export const HEALTH = '/_health'

/** Whether the store can do its work: 200, or 503 where its database or its disk cannot be reached. */
export async function health(store: Store): Promise<Answer> {
  const checks = await store.health()
  const [database, disk] = checks.map(({ status }) => (status === 'fulfilled' ? 'ok' : 'unavailable'))
  const status = database === 'ok' && disk === 'ok' ? 'ok' : 'unavailable'
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
  return { status: status === 'ok' ? 200 : 503, headers, body: JSON.stringify({ status, database, disk }) }
}
