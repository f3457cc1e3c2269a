import type { AnyService, Platform, Running } from '@balcao/platform'
import { createApiApp } from '@balcao/platform/http'
import { measureService } from '@balcao/platform/open'

/** Serves one service's API on `platform.config.ports.http`, as the http process does, without the web; each answer is
 *  held against its contract.
 *  @param useCases what the service's `open` gave  @param parts of the service, all of them unless told otherwise */
export async function testApi(
  service: AnyService,
  platform: Platform,
  useCases: unknown,
  parts: readonly string[] = service.parts,
): Promise<Running & { url: string }> {
  const { clock, config, log, metrics, sql, tokens } = platform
  measureService(service, useCases, metrics, new Set(parts))
  const app = await createApiApp({
    services: [{ service, useCases }],
    parts: new Set(parts),
    tokens,
    sql,
    clock,
    log,
    metrics,
    version: 'test',
    publicUrl: config.urls.public,
    objectStoreUrl: config.urls.objectStore,
    checkAnswers: true,
  })
  await app.listen(config.ports.http, config.host)
  return { url: config.urls.public, close: () => app.close() }
}
