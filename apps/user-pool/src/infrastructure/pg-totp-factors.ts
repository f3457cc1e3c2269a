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

  async secretOf(sub: string): Promise<Buffer | undefined> {
    const row = await this.sql.first<{ secret_key_id: string; secret: Buffer }>(
      'select secret_key_id, secret from totp_factors where sub = $1',
      [sub],
    )
    return row && this.box.open({ keyId: row.secret_key_id, bytes: row.secret }, sub)
  }

  async useStep(sub: string, step: number): Promise<boolean> {
    const used = await this.sql.run('update totp_factors set last_step = $2 where sub = $1 and last_step < $2', [
      sub,
      step,
    ])
    return used === 1
  }

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
