import { randomBytes } from 'node:crypto'
import { parseCpf } from '@balcao/kernel'
import type { SecretKey, Secrets } from '@balcao/platform'
import { expect, it } from 'vitest'
import { CpfVault } from './cpf-vault.ts'

const cpf = parseCpf('529.982.247-25')

/** Keys that can be rotated while the test looks. */
class RotatingSecrets implements Secrets {
  readonly keys: SecretKey[] = []

  constructor() {
    this.rotate()
  }

  rotate(): void {
    this.keys.unshift({ id: `k${this.keys.length}`, bytes: randomBytes(32) })
  }

  async current(): Promise<SecretKey> {
    return this.keys[0]!
  }

  async byId(_name: string, id: string): Promise<SecretKey> {
    return this.keys.find((key) => key.id === id)!
  }

  async text(_name: string, make: () => string | Promise<string>): Promise<string> {
    return make()
  }
}

it('opens what it has sealed, also after its key was replaced', async () => {
  const secrets = new RotatingSecrets()
  const vault = new CpfVault(secrets)
  const sealed = await vault.seal(cpf, 'person-1')
  secrets.rotate()
  expect(await vault.open(sealed, 'person-1')).toBe(cpf)
})

it('finds the same CPF by the same HMAC and hides that two ciphertexts are alike', async () => {
  const vault = new CpfVault(new RotatingSecrets())
  const [a, b] = [await vault.seal(cpf, 'person-1'), await vault.seal(cpf, 'person-1')]
  expect(a.hmac).toEqual(b.hmac)
  expect(a.cipher).not.toEqual(b.cipher)
  expect(a.cipher.includes(cpf)).toBe(false)
})

it('does not open a CPF that was moved to another person or altered', async () => {
  const vault = new CpfVault(new RotatingSecrets())
  const sealed = await vault.seal(cpf, 'person-1')
  await expect(vault.open(sealed, 'person-2')).rejects.toThrow()
  sealed.cipher[30]! ^= 1
  await expect(vault.open(sealed, 'person-1')).rejects.toThrow()
})
