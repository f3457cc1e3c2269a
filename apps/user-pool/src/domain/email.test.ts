import { expect, test } from 'vitest'
import { isEmail, maskedDestination, normalise } from './email.ts'

test.each(['a@b.co', 'nome.sobrenome+rotulo@sub.exemplo.com.br', 'joão@exemplo.com.br'])('%s is an e-mail', (text) => {
  expect(isEmail(text)).toBe(true)
})

test.each(['', 'a', 'a@b', '@b.co', 'a@', 'a b@c.de', 'a@b@c.de', 'a@b..co', 'a@.co', '<a@b.co>', 'a@b.co\nbcc:x@y.z'])(
  '%j is no e-mail',
  (text) => {
    expect(isEmail(text)).toBe(false)
  },
)

test('case and composition do not make another name', () => {
  expect(normalise('JOÃO@Exemplo.com.BR')).toBe(normalise('joa\u0303o@exemplo.com.br'))
})

test('a mask shows two letters', () => {
  expect(maskedDestination('maria@exemplo.com.br')).toBe('m***@e***')
})
