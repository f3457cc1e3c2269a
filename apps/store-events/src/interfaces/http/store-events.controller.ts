import { hash, timingSafeEqual } from 'node:crypto'
import { storeEventsRoutes } from '@balcao/contracts'
import { Answers, type Asked, bearerToken, USE_CASES } from '@balcao/platform/http'
import { Controller, Inject } from '@nestjs/common'
import { refusals } from '../../domain/refusals.ts'
import type { StoreEvents } from '../../open.ts'

@Controller()
export class StoreEventsController {
  constructor(@Inject(USE_CASES) private readonly ears: StoreEvents) {}

  @Answers(storeEventsRoutes.notify)
  async notify({ request, body }: Asked<typeof storeEventsRoutes.notify>): Promise<void> {
    if (!isSame(bearerToken(request), this.ears.token)) throw refusals.wrongToken()
    await this.ears.hear.run(body)
  }
}

/** Nobody is let in where no token was set. Hashed, so that texts of any lengths take one time to compare. */
function isSame(given: string | undefined, expected: string | undefined): boolean {
  if (!given || !expected) return false
  const digest = (text: string) => hash('sha256', text, 'buffer')
  return timingSafeEqual(digest(given), digest(expected))
}
