import { type AuthConfig, authRoutes, type Delivery, type Me } from '@balcao/contracts'
import { Answers, type Asked, bearerToken, USE_CASES } from '@balcao/platform/http'
import { Controller, Inject, UseGuards } from '@nestjs/common'
import type { AuthUseCases } from '../../open.ts'
import { BrowserGuard } from './browser-guard.ts'

@Controller()
@UseGuards(BrowserGuard)
export class AccountController {
  constructor(@Inject(USE_CASES) private readonly auth: AuthUseCases) {}

  @Answers(authRoutes.register)
  register({ body, request }: Asked<typeof authRoutes.register>): Promise<Delivery> {
    return this.auth.registerPerson.run({ ...body, address: request.ip })
  }

  @Answers(authRoutes.confirm)
  confirm({ body, request }: Asked<typeof authRoutes.confirm>): Promise<void> {
    return this.auth.confirmPerson.run({ ...body, address: request.ip })
  }

  @Answers(authRoutes.resend)
  resend({ body, request }: Asked<typeof authRoutes.resend>): Promise<Delivery> {
    return this.auth.resendCode.run({ ...body, address: request.ip })
  }

  @Answers(authRoutes.me)
  me({ request }: Asked<typeof authRoutes.me>): Promise<Me> {
    return this.auth.describeMe.run(bearerToken(request)!)
  }

  @Answers(authRoutes.config)
  config(): AuthConfig {
    return this.auth.sdkConfig
  }
}
