import { join } from 'node:path'
import { type Config, createApiApp, type Platform, type Running, type Service } from '@balcao/platform'
import { serveHealth } from './health.ts'
import { serveWeb } from './web-files.ts'

interface Opened {
  readonly service: Service
  readonly platform: Platform
}

/** The APIs of the chosen services on the shared port, with health, metrics and, where it is chosen, the page. */
export async function serveHttp(
  config: Config,
  house: Platform,
  opened: readonly Opened[],
  installation: { root: string; version: string },
): Promise<Running> {
  const app = await createApiApp({
    modules: opened.map(({ service, platform }) => service.api!.module(platform, config.parts)),
    routes: opened.flatMap(({ service }) => Object.values(service.api!.routes)),
    log: house.log,
    metrics: house.metrics,
    version: installation.version,
    publicUrl: config.urls.public,
    objectStoreUrl: config.urls.objectStore,
  })
  const fastify = app.getHttpAdapter().getInstance()
  serveHealth(fastify, house, config)
  fastify.get('/metrics', async (_request, reply) => {
    const { registry } = house.metrics
    return reply.type(registry.contentType).send(await registry.metrics())
  })
  if (config.parts.has('web')) await serveWeb(fastify, join(installation.root, 'web', 'dist'), config.urls.public)
  await app.listen(config.ports.http, config.host)
  return { close: () => app.close() }
}
