import {
  type LoginAnswer,
  LoginBody,
  MfaBody,
  type MfaSetupAnswer,
  MfaSetupBody,
  MfaSetupVerifyBody,
  type SignedIn,
} from '@balcao/contracts'
import { Body, Controller, HttpCode, Inject, Ip, Post, Req, Res, UseGuards } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AnswerMfa } from '../../application/answer-mfa.ts'
import { BeginMfaSetup } from '../../application/begin-mfa-setup.ts'
import { FinishMfaSetup } from '../../application/finish-mfa-setup.ts'
import { SignIn } from '../../application/sign-in.ts'
import { BrowserCookies } from './browser-cookies.ts'
import { BrowserGuard, isBrowser } from './browser-guard.ts'
import { TokenAnswers } from './token-answers.ts'

@Controller('auth')
@UseGuards(BrowserGuard)
export class SignInController {
  constructor(
    @Inject(BrowserCookies) private readonly cookies: BrowserCookies,
    @Inject(TokenAnswers) private readonly answers: TokenAnswers,
    @Inject(SignIn) private readonly signIn: SignIn,
    @Inject(AnswerMfa) private readonly answerMfa: AnswerMfa,
    @Inject(BeginMfaSetup) private readonly beginMfaSetup: BeginMfaSetup,
    @Inject(FinishMfaSetup) private readonly finishMfaSetup: FinishMfaSetup,
  ) {}

  @Post('login')
  @HttpCode(200)
  async login(
    @Body({ schema: LoginBody }) body: LoginBody,
    @Ip() address: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoginAnswer> {
    const browser = isBrowser(request)
    const answer = await this.signIn.run({ ...body, address, browser })
    if (answer.kind === 'tokens') return this.answers.give(request, reply, answer.tokens)
    if (browser) this.cookies.keepFlow(reply, answer.flow!, answer.seconds)
    if (answer.kind === 'mfa') return { mfaRequired: true, challenge: answer.challenge }
    return { mfaSetupRequired: true, challenge: 'MFA_SETUP', ...(browser ? {} : { flow: answer.flow }) }
  }

  @Post('mfa')
  @HttpCode(200)
  async mfa(
    @Body({ schema: MfaBody }) body: MfaBody,
    @Ip() address: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedIn> {
    // A browser without a flow has none to answer: the empty one is nobody's.
    const flow = isBrowser(request) ? (this.cookies.read(request, 'flow') ?? '') : undefined
    return this.answers.give(request, reply, await this.answerMfa.run({ ...body, flow, address }))
  }

  @Post('mfa/setup')
  @HttpCode(200)
  async setup(
    @Body({ schema: MfaSetupBody }) body: MfaSetupBody,
    @Req() request: FastifyRequest,
  ): Promise<MfaSetupAnswer> {
    return this.beginMfaSetup.run(this.#enrolment(request, body.flow))
  }

  @Post('mfa/setup/verify')
  @HttpCode(200)
  async verify(
    @Body({ schema: MfaSetupVerifyBody }) body: MfaSetupVerifyBody,
    @Ip() address: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedIn> {
    const flow = this.#enrolment(request, body.flow)
    return this.answers.give(request, reply, await this.finishMfaSetup.run({ ...body, flow, address }))
  }

  #enrolment(request: FastifyRequest, inBody: string | undefined): string | undefined {
    return isBrowser(request) ? this.cookies.read(request, 'flow') : inBody
  }
}
