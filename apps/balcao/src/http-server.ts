import { join } from 'node:path'
import type { Config, PlatformOf, Running } from '@balcao/platform'
import { createApiApp } from '@balcao/platform/http'
import { metricsText } from './counters.ts'
import { serveHealth } from './health.ts'
import type { Opened } from './process.ts'
import { serveWeb } from './web-files.ts'

/** The APIs of the chosen services on the shared port, with health, metrics and, where it is chosen, the page. */
export async function serveHttp(
  config: Config,
  house: PlatformOf<'sql' | 'tokens'>,
  opened: readonly Opened[],
  installation: { root: string; version: string },
): Promise<Running> {
  const app = await createApiApp({
    services: opened,
    parts: config.parts,
    tokens: house.tokens,
    sql: house.sql,
    clock: house.clock,
    log: house.log,
    metrics: house.metrics,
    version: installation.version,
    publicUrl: config.urls.public,
    objectStoreUrl: config.urls.objectStore,
  })
  const fastify = app.getHttpAdapter().getInstance()
  serveHealth(fastify, house, opened, config)
  fastify.get('/metrics', async (_request, reply) => {
    return reply.type(house.metrics.contentType).send(await metricsText(house, house.metrics))
  })
  if (config.parts.has('web')) await serveWeb(fastify, join(installation.root, 'web', 'dist'), config.urls.public)
  await app.listen(config.ports.http, config.host)
  return { close: () => app.close() }
}
