import type { SignedIn } from '@balcao/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PoolTokens } from '../../domain/sign-in.ts'
import type { BrowserCookies } from './browser-cookies.ts'
import { isBrowser } from './browser-guard.ts'

/** Tokens for whoever asked: a browser gets the refresh token as a cookie, anyone else in the body. */
export function giveTokens(
  cookies: BrowserCookies,
  request: FastifyRequest,
  reply: FastifyReply,
  { refreshToken, ...rest }: PoolTokens,
): SignedIn {
  const tokens = { ...rest, tokenType: 'Bearer' as const }
  if (!isBrowser(request)) return { tokens: { ...tokens, refreshToken } }
  cookies.keepRefresh(reply, refreshToken)
  cookies.forget(reply, 'flow')
  return { tokens }
}
