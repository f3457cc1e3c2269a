import { authService } from '@balcao/auth-service'
import { objectStore } from '@balcao/object-store'
import type { AnyService, Config } from '@balcao/platform'
import { storeEvents } from '@balcao/store-events'
import { userPool } from '@balcao/user-pool'
import { videoService } from '@balcao/video-service'
import type { PlannedProcess } from './processes.ts'

/** Everything that Balcão can run, as data: what each does is loaded only where it is chosen. */
export const services: readonly AnyService[] = [userPool, objectStore, storeEvents, authService, videoService]

/** Every part that `SERVICES` may name; the page is served by the house itself. */
export const PARTS: readonly string[] = [...services.flatMap(({ parts }) => parts), 'web']

/** The services that an installation has. */
export function servicesOf(config: Config): readonly AnyService[] {
  return services.filter(({ runs }) => runs?.(config) ?? true)
}

/** Those to which any of the chosen parts belong. */
export function chosenServices(config: Config): readonly AnyService[] {
  return servicesOf(config).filter(({ parts }) => parts.some((part) => config.parts.has(part)))
}

/** How one machine divides the parts into processes, in the order of their start: a server of its own stands alone, the
 *  other services share an http process and a worker. */
export function processPlan(config: Config): PlannedProcess[] {
  const services = servicesOf(config)
  const shared = services.filter(({ serve }) => !serve)
  const apis = [...shared.flatMap(({ http = {} }) => Object.keys(http)), 'web']
  return [
    ...services
      .filter(({ serve }) => serve)
      .map(({ name, parts }) => ({ name, SERVICES: parts.join(','), ROLE: 'all' as const, stepsBack: true })),
    { name: 'worker', SERVICES: shared.flatMap(({ parts }) => parts).join(','), ROLE: 'worker' },
    { name: 'http', SERVICES: apis.join(','), ROLE: 'http' },
  ]
}

/** The parts of a service that need a worker: those its queues name, else all of one that has other work to do. */
export function workParts({ parts, serve, work, schedules, topics }: AnyService): readonly string[] {
  const named = new Set(Object.values(work as Record<string, { part: string }>).map(({ part }) => part))
  if (serve) return []
  if (named.size > 0) return [...named]
  return schedules || topics ? parts : []
}
