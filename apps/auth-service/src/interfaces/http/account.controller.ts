import { type AuthConfig, ConfirmBody, type Delivery, type Me, RegisterBody, ResendBody } from '@balcao/contracts'
import type { Platform } from '@balcao/platform'
import { BearerGuard, PLATFORM } from '@balcao/platform/http'
import { Body, Controller, Get, Headers, HttpCode, Inject, Ip, Post, UseGuards } from '@nestjs/common'
import { ConfirmPerson } from '../../application/confirm-person.ts'
import { DescribeMe } from '../../application/describe-me.ts'
import { RegisterPerson } from '../../application/register-person.ts'
import { ResendCode } from '../../application/resend-code.ts'
import { BrowserGuard } from './browser-guard.ts'

@Controller('auth')
@UseGuards(BrowserGuard)
export class AccountController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(RegisterPerson) private readonly registerPerson: RegisterPerson,
    @Inject(ConfirmPerson) private readonly confirmPerson: ConfirmPerson,
    @Inject(ResendCode) private readonly resendCode: ResendCode,
    @Inject(DescribeMe) private readonly describeMe: DescribeMe,
  ) {}

  @Post('register')
  register(@Body({ schema: RegisterBody }) body: RegisterBody, @Ip() address: string): Promise<Delivery> {
    return this.registerPerson.run({ ...body, address })
  }

  @Post('confirm')
  @HttpCode(204)
  confirm(@Body({ schema: ConfirmBody }) body: ConfirmBody, @Ip() address: string): Promise<void> {
    return this.confirmPerson.run({ ...body, address })
  }

  @Post('resend')
  @HttpCode(202)
  resend(@Body({ schema: ResendBody }) body: ResendBody, @Ip() address: string): Promise<Delivery> {
    return this.resendCode.run({ ...body, address })
  }

  @Get('me')
  @UseGuards(BearerGuard)
  me(@Headers('authorization') authorization: string): Promise<Me> {
    return this.describeMe.run(authorization.slice('Bearer '.length))
  }

  @Get('config')
  config(): AuthConfig {
    const { region, pool, urls } = this.platform.config
    return { region, userPoolId: pool.id, clientId: pool.publicClientId, endpoint: urls.userPool }
  }
}
