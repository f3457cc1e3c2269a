import type { Cpf } from '@balcao/kernel'

/** Who the platform knows. A person may have a `sub` in each pool. */
export interface People {
  /** Adds a person, or leaves the one alone who already has this identity. */
  add(person: { sub: string; cpf?: Cpf }): Promise<void>
  /** The CPF a person typed, or null. Whoever signed up at the pool itself gets a row when first seen. */
  seen(sub: string): Promise<{ cpf: Cpf | null }>
}
