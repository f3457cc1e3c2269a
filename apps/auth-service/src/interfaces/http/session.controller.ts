import { authRoutes, type RefreshBody, type SignedIn } from '@balcao/contracts'
import { AppError } from '@balcao/kernel'
import { Answers, type Asked, USE_CASES } from '@balcao/platform/http'
import { Controller, Inject, UseGuards } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import type { AuthUseCases } from '../../open.ts'
import { BrowserGuard, isBrowser } from './browser-guard.ts'
import { giveTokens } from './give-tokens.ts'

@Controller()
@UseGuards(BrowserGuard)
export class SessionController {
  constructor(@Inject(USE_CASES) private readonly auth: AuthUseCases) {}

  @Answers(authRoutes.refresh)
  async refresh({ body, request, reply }: Asked<typeof authRoutes.refresh>): Promise<SignedIn> {
    const { cookies } = this.auth
    try {
      const tokens = await this.auth.refreshTokens.run(this.#refreshToken(request, body))
      return giveTokens(cookies, request, reply, tokens)
    } catch (error) {
      const over = error instanceof AppError && error.kind === 'unauthenticated'
      if (over && isBrowser(request)) cookies.forget(reply, 'refresh')
      throw error
    }
  }

  @Answers(authRoutes.logout)
  async logout({ body, request, reply }: Asked<typeof authRoutes.logout>): Promise<void> {
    await this.auth.signOut.run(this.#refreshToken(request, body))
    if (!isBrowser(request)) return
    this.auth.cookies.forget(reply, 'refresh')
    this.auth.cookies.forget(reply, 'flow')
  }

  #refreshToken(request: FastifyRequest, body: RefreshBody): string | undefined {
    return isBrowser(request) ? this.auth.cookies.read(request, 'refresh') : body.refreshToken
  }
}
