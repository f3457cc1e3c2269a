import { refusals } from '../domain/refusals.ts'
import type { PoolTokens } from '../domain/sign-in.ts'
import type { SignIns } from './sign-ins.ts'

export class RefreshTokens {
  constructor(private readonly signIns: SignIns) {}

  /** New tokens for a refresh token, which is replaced; the pool takes the old one for 60 s more, so that two tabs may
   *  ask at once. @throws AppError `auth/session_ended`, `auth/too_many_attempts`, `auth/unavailable` */
  async run(refreshToken: string | undefined): Promise<PoolTokens> {
    if (!refreshToken) throw refusals.sessionEnded()
    return this.signIns.refresh(refreshToken)
  }
}
