import { authRoutes, type LoginAnswer, type MfaSetupAnswer, type SignedIn } from '@balcao/contracts'
import { Answers, type Asked, USE_CASES } from '@balcao/platform/http'
import { Controller, Inject, UseGuards } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import type { AuthUseCases } from '../../open.ts'
import { BrowserGuard, isBrowser } from './browser-guard.ts'
import { giveTokens } from './give-tokens.ts'

@Controller()
@UseGuards(BrowserGuard)
export class SignInController {
  constructor(@Inject(USE_CASES) private readonly auth: AuthUseCases) {}

  @Answers(authRoutes.login)
  async login({ body, request, reply }: Asked<typeof authRoutes.login>): Promise<LoginAnswer> {
    const { cookies } = this.auth
    const browser = isBrowser(request)
    const answer = await this.auth.signIn.run({ ...body, address: request.ip, browser })
    if (answer.kind === 'tokens') return giveTokens(cookies, request, reply, answer.tokens)
    if (browser) cookies.keepFlow(reply, answer.flow!, answer.seconds)
    if (answer.kind === 'mfa') return { mfaRequired: true, challenge: answer.challenge }
    return { mfaSetupRequired: true, challenge: 'MFA_SETUP', ...(browser ? {} : { flow: answer.flow }) }
  }

  @Answers(authRoutes.mfa)
  async mfa({ body, request, reply }: Asked<typeof authRoutes.mfa>): Promise<SignedIn> {
    const { cookies } = this.auth
    // A browser without a flow has none to answer: the empty one is nobody's.
    const flow = isBrowser(request) ? (cookies.read(request, 'flow') ?? '') : undefined
    const tokens = await this.auth.answerMfa.run({ ...body, flow, address: request.ip })
    return giveTokens(cookies, request, reply, tokens)
  }

  @Answers(authRoutes.mfaSetup)
  setup({ body, request }: Asked<typeof authRoutes.mfaSetup>): Promise<MfaSetupAnswer> {
    return this.auth.beginMfaSetup.run(this.#enrolment(request, body.flow))
  }

  @Answers(authRoutes.mfaSetupVerify)
  async verify({ body, request, reply }: Asked<typeof authRoutes.mfaSetupVerify>): Promise<SignedIn> {
    const flow = this.#enrolment(request, body.flow)
    const tokens = await this.auth.finishMfaSetup.run({ ...body, flow, address: request.ip })
    return giveTokens(this.auth.cookies, request, reply, tokens)
  }

  #enrolment(request: FastifyRequest, inBody: string | undefined): string | undefined {
    return isBrowser(request) ? this.auth.cookies.read(request, 'flow') : inBody
  }
}
