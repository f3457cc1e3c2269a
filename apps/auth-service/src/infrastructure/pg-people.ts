import { type Clock, type Cpf, newId } from '@balcao/kernel'
import type { Sql } from '@balcao/platform'
import type { People } from '../application/people.ts'
import type { CpfVault } from './cpf-vault.ts'

interface PersonRow {
  id: string
  cpf_cipher: Buffer | null
  cpf_cipher_key: string | null
}

export class PgPeople implements People {
  /** @param pool the id of the pool whose `sub` is meant */
  constructor(
    private readonly sql: Sql,
    private readonly vault: CpfVault,
    private readonly clock: Clock,
    private readonly pool: string,
  ) {}

  async add({ sub, cpf }: { sub: string; cpf?: Cpf }): Promise<void> {
    const id = newId(this.clock.now().getTime())
    const sealed = cpf && (await this.vault.seal(cpf, id))
    // One statement: foreign keys are checked at its end, and of two at once one adds nothing.
    await this.sql.run(
      `with identity as (
         insert into identities (pool, sub, person, created_at) values ($1, $2, $3, $4)
         on conflict do nothing returning person, created_at
       )
       insert into people (id, created_at, cpf_hmac, cpf_hmac_key, cpf_cipher, cpf_cipher_key)
       select person, created_at, $5::bytea, $6::text, $7::bytea, $8::text from identity`,
      [
        this.pool,
        sub,
        id,
        this.clock.now(),
        sealed?.hmac ?? null,
        sealed?.hmacKey ?? null,
        sealed?.cipher ?? null,
        sealed?.cipherKey ?? null,
      ],
    )
  }

  async seen(sub: string): Promise<{ cpf: Cpf | null }> {
    const row = await this.#bySub(sub)
    if (!row) {
      await this.add({ sub })
      return { cpf: null }
    }
    if (!row.cpf_cipher || !row.cpf_cipher_key) return { cpf: null }
    return { cpf: await this.vault.open({ cipher: row.cpf_cipher, cipherKey: row.cpf_cipher_key }, row.id) }
  }

  #bySub(sub: string): Promise<PersonRow | undefined> {
    return this.sql.first<PersonRow>(
      `select p.id, p.cpf_cipher, p.cpf_cipher_key from identities i join people p on p.id = i.person
       where i.pool = $1 and i.sub = $2`,
      [this.pool, sub],
    )
  }
}
