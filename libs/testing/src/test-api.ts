import { createApiApp, PARTS, type Part, type Platform, type Running, type Service } from '@balcao/platform'

/** Serves one service's API on `platform.config.ports.http`, as the http process does, without the web.
 *  @param parts of SERVICES, all of them unless told otherwise */
export async function testApi(
  service: Service,
  platform: Platform,
  parts: readonly Part[] = PARTS,
): Promise<Running & { url: string }> {
  const app = await createApiApp({
    modules: [service.api!.module(platform, new Set(parts))],
    routes: Object.values(service.api!.routes),
    log: platform.log,
    metrics: platform.metrics,
    version: 'test',
    publicUrl: platform.config.urls.public,
    objectStoreUrl: platform.config.urls.objectStore,
  })
  await app.listen(platform.config.ports.http, platform.config.host)
  return { url: platform.config.urls.public, close: () => app.close() }
}
