import { describe, expect, it } from 'vitest'
import { cpfMask } from './cpf-mask.ts'
import { flow, forgetFlow, noteLogin } from './flow.ts'
import { passwordStrength } from './password-strength.ts'

describe('a CPF being typed', () => {
  it.each([
    ['', ''],
    ['529', '529'],
    ['5299', '529.9'],
    ['529.98', '529.98'],
    ['5299822', '529.982.2'],
    ['52998224725', '529.982.247-25'],
    [' 529 982 247/25 ', '529.982.247-25'],
    ['529982247251', '529.982.247-25'],
  ])('%j is shown as %j', (typed, shown) => {
    expect(cpfMask(typed)).toBe(shown)
  })
})

describe('the strength of a password', () => {
  it.each([
    ['curta', 0],
    ['aaaaaaaaaaaaaaaa', 0],
    ['abcdeabcdeabcde', 1],
    ['ocafeesfriou-12', 2],
    ['Café-quente 7 pães na mesa', 3],
  ] as const)('%j is %d', (password, strength) => {
    expect(passwordStrength(password)).toBe(strength)
  })
})

describe('the way from password to second factor', () => {
  it('forgets the password as soon as it was answered', () => {
    flow.password = 'segredo'
    noteLogin({ mfaRequired: true, challenge: 'SOFTWARE_TOKEN_MFA' })
    expect(flow).toMatchObject({ password: '', factor: 'code' })
    noteLogin({ mfaSetupRequired: true, challenge: 'MFA_SETUP', flow: 'f1' })
    expect(flow).toMatchObject({ factor: 'enrol', enrolment: 'f1' })
    forgetFlow()
    expect(flow).toMatchObject({ email: '', factor: 'none', enrolment: undefined })
  })
})
