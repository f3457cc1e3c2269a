import { AppError } from '@balcao/kernel'
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import type { Identity, TokenVerifier } from '../tokens/token-verifier.ts'

/** Nest's token for what verifies access tokens. */
export const TOKENS = Symbol('TOKENS')

const identities = new WeakMap<FastifyRequest, Identity>()

/** Whose access token a request carried; undefined where its route asks for none. */
export const identityOf = (request: FastifyRequest): Identity | undefined => identities.get(request)

/** Lets a request through that carries a valid access token (D3-20); it is the only kind of token the APIs take. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(@Inject(TOKENS) private readonly tokens: TokenVerifier) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>()
    const token = bearerToken(request)
    if (!token) throw new AppError('unauthenticated', 'auth/invalid_token', 'Invalid authentication credentials')
    identities.set(request, await this.tokens.verify(token))
    return true
  }
}

/** The token of an `Authorization: Bearer …` header. */
export function bearerToken(request: FastifyRequest): string | undefined {
  return /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1]
}
