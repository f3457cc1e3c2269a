import { RefreshBody, type SignedIn } from '@balcao/contracts'
import { AppError } from '@balcao/kernel'
import { Body, Controller, HttpCode, Inject, Post, Req, Res, UseGuards } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { RefreshTokens } from '../../application/refresh-tokens.ts'
import { SignOut } from '../../application/sign-out.ts'
import { BrowserCookies } from './browser-cookies.ts'
import { BrowserGuard, isBrowser } from './browser-guard.ts'
import { TokenAnswers } from './token-answers.ts'

@Controller('auth')
@UseGuards(BrowserGuard)
export class SessionController {
  constructor(
    @Inject(BrowserCookies) private readonly cookies: BrowserCookies,
    @Inject(TokenAnswers) private readonly answers: TokenAnswers,
    @Inject(RefreshTokens) private readonly refreshTokens: RefreshTokens,
    @Inject(SignOut) private readonly signOut: SignOut,
  ) {}

  @Post('refresh')
  @HttpCode(200)
  async refresh(
    @Body({ schema: RefreshBody }) body: RefreshBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedIn> {
    try {
      const tokens = await this.refreshTokens.run(this.#refreshToken(request, body))
      return this.answers.give(request, reply, tokens)
    } catch (error) {
      const over = error instanceof AppError && error.kind === 'unauthenticated'
      if (over && isBrowser(request)) this.cookies.forget(reply, 'refresh')
      throw error
    }
  }

  @Post('logout')
  @HttpCode(204)
  async logout(
    @Body({ schema: RefreshBody }) body: RefreshBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.signOut.run(this.#refreshToken(request, body))
    if (!isBrowser(request)) return
    this.cookies.forget(reply, 'refresh')
    this.cookies.forget(reply, 'flow')
  }

  #refreshToken(request: FastifyRequest, body: RefreshBody): string | undefined {
    return isBrowser(request) ? this.cookies.read(request, 'refresh') : body.refreshToken
  }
}
