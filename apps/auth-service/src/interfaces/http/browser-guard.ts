import { USE_CASES } from '@balcao/platform/http'
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { refusals } from '../../domain/refusals.ts'
import type { AuthUseCases } from '../../open.ts'

/** A request that has an Origin comes from a page; pages may be ours only. SameSite takes every port of a host for one
 *  site, so a request that does something with a cookie must name its origin. Answers of sign-in are never stored. */
@Injectable()
export class BrowserGuard implements CanActivate {
  constructor(@Inject(USE_CASES) private readonly auth: AuthUseCases) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>()
    context.switchToHttp().getResponse<FastifyReply>().header('cache-control', 'no-store')
    const { origin } = request.headers
    if (origin !== undefined && origin !== this.auth.origin) {
      throw refusals.foreignOrigin()
    }
    // Browsers name no origin when a page reads (GET) from itself; no GET of ours looks at a cookie.
    if (origin === undefined && request.method !== 'GET' && this.auth.cookies.any(request))
      throw refusals.originRequired()
    return true
  }
}

/** Whether a page asks: then secrets travel as cookies and never in a body. */
export const isBrowser = (request: FastifyRequest): boolean => request.headers.origin !== undefined
