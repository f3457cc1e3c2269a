import { expect, it } from 'vitest'
import { returnPath } from './return-path.ts'

it.each(['/assistir/abc', '/biblioteca?ordem=titulo'])('%s is a place of this site to come back to', (path) => {
  expect(returnPath(path)).toBe(path)
})

it.each([undefined, '', 'https://mau.example', '//mau.example', '/\\mau.example', '/entrar?volta=/entrar'])(
  '%s is not, and leads to the library',
  (path) => {
    expect(returnPath(path)).toBe('/biblioteca')
  },
)
