import type { SignIns } from './sign-ins.ts'

export class SignOut {
  constructor(private readonly signIns: SignIns) {}

  /** Revokes the refresh token and all that came from it. Whoever is signed out already stays so.
   *  @throws AppError `auth/unavailable`: the token still lives, ask again */
  async run(refreshToken: string | undefined): Promise<void> {
    if (refreshToken) await this.signIns.revoke(refreshToken)
  }
}
