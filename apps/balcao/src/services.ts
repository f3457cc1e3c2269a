import { authService } from '@balcao/auth-service'
import { objectStore } from '@balcao/object-store'
import type { AnyService } from '@balcao/platform'
import { userPool } from '@balcao/user-pool'
import { videoService } from '@balcao/video-service'

/** Everything that Balcão can run, as data: what each does is loaded only where it is chosen. */
const services: readonly AnyService[] = [userPool, objectStore, authService, videoService]

/** Every part that `SERVICES` may name; the page is served by the house itself. */
export const PARTS: readonly string[] = [...services.flatMap(({ parts }) => parts), 'web']

/** The services to which any of these parts belong. */
export function chosenServices(parts: ReadonlySet<string>): readonly AnyService[] {
  return services.filter((service) => service.parts.some((part) => parts.has(part)))
}
