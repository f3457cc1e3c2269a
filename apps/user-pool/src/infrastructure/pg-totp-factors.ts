import type { Sql } from '@balcao/platform'
import type { TotpFactor, TotpFactors } from '../application/totp-factors.ts'
import type { SecretBox } from './secret-box.ts'

const INSERT = `insert into totp_factors (sub, secret_key_id, secret, device_name, last_step, created_at)
  values ($1, $2, $3, $4, $5, $6) on conflict (sub)`

export class PgTotpFactors implements TotpFactors {
  constructor(
    private readonly sql: Sql,
    private readonly box: SecretBox,
  ) {}

  async add(factor: TotpFactor): Promise<boolean> {
    return (await this.sql.run(`${INSERT} do nothing`, await this.#values(factor))) === 1
  }

  async replace(factor: TotpFactor): Promise<void> {
    await this.sql.run(
      `${INSERT} do update set secret_key_id = excluded.secret_key_id, secret = excluded.secret,
         device_name = excluded.device_name, last_step = excluded.last_step, created_at = excluded.created_at`,
      await this.#values(factor),
    )
  }

  async #values(factor: TotpFactor): Promise<unknown[]> {
    const sealed = await this.box.seal(factor.secret, factor.sub)
    return [factor.sub, sealed.keyId, sealed.bytes, factor.deviceName ?? null, factor.step, factor.at]
  }
}
