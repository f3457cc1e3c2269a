import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cognitoIdp } from './generated/cognito-idp.ts'
import { validInput } from './validate.ts'
import { WireError } from './wire-error.ts'

test('whatever JSON arrives, it is either input that the model describes or a refusal', () => {
  const operations = Object.keys(cognitoIdp.operations)
  fc.assert(
    fc.property(fc.constantFrom(...operations), fc.jsonValue(), (operation, value) => {
      try {
        const result = validInput(cognitoIdp, operation, value) as object
        const { members } = cognitoIdp.shapes[cognitoIdp.operations[operation]!.input]!
        for (const member of Object.keys(result)) expect(members).toHaveProperty(member)
      } catch (error) {
        expect(error).toBeInstanceOf(WireError)
      }
    }),
  )
})

test('members that the operation does not know are dropped, a prototype among them', () => {
  const input = JSON.parse('{"AccessToken":"a","Outro":1,"__proto__":{"Session":"x"}}')
  expect(validInput(cognitoIdp, 'GetUser', input)).toEqual({ AccessToken: 'a' })
  expect(validInput(cognitoIdp, 'AssociateSoftwareToken', input)).not.toHaveProperty('Session')
})

test('every pattern of the model is one that JavaScript reads', () => {
  for (const { pattern } of Object.values(cognitoIdp.shapes)) {
    if (pattern) expect(() => new RegExp(`^(?:${pattern})$`, 'u')).not.toThrow()
  }
})

test('signed operations are those that Cognito signs', () => {
  const signed = Object.entries(cognitoIdp.operations).filter(([, operation]) => operation.signed)
  expect(signed.map(([name]) => name)).toEqual(['AdminGetUser'])
})
