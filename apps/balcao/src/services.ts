import { authService } from '@balcao/auth-service'
import { objectStore } from '@balcao/object-store'
import type { Service } from '@balcao/platform'
import { userPool } from '@balcao/user-pool'
import { videoService } from '@balcao/video-service'

/** Everything that Balcão can run. SERVICES and ROLE choose from it. */
export const services: readonly Service[] = [userPool, objectStore, authService, videoService]
