import { expect, test } from 'vitest'
import { signInTurns } from './turns.ts'

test('a line that is too long is refused, and shortens again', async () => {
  const turns = signInTurns()
  const open = Promise.withResolvers<void>()
  const line = Array.from({ length: 64 }, () => turns.take('a', () => open.promise))
  await expect(turns.take('a', async () => 1)).rejects.toMatchObject({ code: 'TooManyRequestsException' })
  open.resolve()
  await Promise.all(line)
  await expect(turns.take('a', async () => 1)).resolves.toBe(1)
})
