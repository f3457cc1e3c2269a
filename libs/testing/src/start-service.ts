import type { AnyService, Platform, Running, Service } from '@balcao/platform'

/** Opens a service on a platform and starts its own server (the pool, the store), as a process of its own does. */
export async function startService<UseCases>(
  // biome-ignore lint/suspicious/noExplicitAny: of whatever ports and queues
  service: Service<any, UseCases, any>,
  platform: Platform,
): Promise<Running & { useCases: UseCases }> {
  const useCases = await service.open(platform)
  const server = await (service as AnyService).serve?.(useCases, platform)
  return {
    useCases,
    close: async () => {
      await server?.close()
      await (useCases as Partial<Running>).close?.()
    },
  }
}
