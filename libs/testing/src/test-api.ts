import type { AnyService, Platform, Running } from '@balcao/platform'
import { createApiApp, serviceModule } from '@balcao/platform/http'
import { measureService } from '@balcao/platform/open'

/** Serves one service's API on `platform.config.ports.http`, as the http process does, without the web.
 *  @param useCases what the service's `open` gave  @param parts of the service, all of them unless told otherwise */
export async function testApi(
  service: AnyService,
  platform: Platform,
  useCases: unknown,
  parts: readonly string[] = service.parts,
): Promise<Running & { url: string }> {
  measureService(service, useCases, platform.metrics, new Set(parts))
  const app = await createApiApp({
    modules: [await serviceModule(service, useCases, new Set(parts), platform)],
    routes: Object.values(service.routes ?? {}),
    log: platform.log,
    metrics: platform.metrics,
    version: 'test',
    publicUrl: platform.config.urls.public,
    objectStoreUrl: platform.config.urls.objectStore,
  })
  await app.listen(platform.config.ports.http, platform.config.host)
  return { url: platform.config.urls.public, close: () => app.close() }
}
