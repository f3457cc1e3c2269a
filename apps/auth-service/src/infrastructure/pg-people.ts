import { type Clock, type Cpf, newId } from '@balcao/kernel'
import { binary, group, rowOf, type Sql, text } from '@balcao/platform'
import type { People } from '../application/people.ts'
import type { CpfVault } from './cpf-vault.ts'

interface PersonRow {
  readonly id: string
  readonly sealed: { readonly cipher: Buffer; readonly cipherKey: string } | undefined
}
const personRow = rowOf<PersonRow>()({
  id: text('p.id'),
  sealed: group({ cipher: binary('p.cpf_cipher'), cipherKey: text('p.cpf_cipher_key') }),
})

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
    return { cpf: row.sealed ? await this.vault.open(row.sealed, row.id) : null }
  }

  async #bySub(sub: string): Promise<PersonRow | undefined> {
    const row = await this.sql.first<Record<string, unknown>>(
      `select ${personRow.columns()} from identities i join people p on p.id = i.person
       where i.pool = $1 and i.sub = $2`,
      [this.pool, sub],
    )
    return row && personRow.read(row)
  }
}
