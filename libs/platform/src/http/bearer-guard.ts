import { AppError } from '@balcao/kernel'
import { type CanActivate, createParamDecorator, type ExecutionContext, Inject, Injectable } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import type { Platform } from '../platform.ts'
import type { Identity } from '../tokens/token-verifier.ts'
import { PLATFORM } from './platform-token.ts'

type WithIdentity = FastifyRequest & { identity?: Identity }

/** Lets a request through that carries a valid access token (D3-20); it is the only kind of token the APIs take. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<WithIdentity>()
    const token = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (!token) throw new AppError('unauthenticated', 'auth/invalid_token', 'Invalid authentication credentials')
    request.identity = await this.platform.tokens.verify(token)
    return true
  }
}

/** The Identity that BearerGuard found. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Identity => {
  return context.switchToHttp().getRequest<WithIdentity>().identity!
})
