import { expect, it } from 'vitest'
import { maskEmail, normalEmail } from './email.ts'

it('is shown by the first letters of its two halves and its last label', () => {
  expect(maskEmail('maria.silva@exemplo.com.br')).toBe('m***@e***.br')
})

it('is the same address in any capitals', () => {
  expect(normalEmail(' Maria@Exemplo.COM ')).toBe('maria@exemplo.com')
})
