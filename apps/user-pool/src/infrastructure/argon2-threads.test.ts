import { readFile } from 'node:fs/promises'
import { afterEach, expect, test } from 'vitest'
import { Argon2Threads } from './argon2-threads.ts'

let passwords: Argon2Threads
afterEach(() => passwords.close())

test('D1-20: a hash is argon2id with 19 MiB, two passes, one lane, and verifies its password only', async () => {
  passwords = new Argon2Threads()
  const hash = await passwords.hash('Correta-2026!')
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await passwords.hash('Correta-2026!')).not.toBe(hash)
  expect(await passwords.verify(hash, 'Correta-2026!')).toBe(true)
  expect(await passwords.verify(hash, 'correta-2026!')).toBe(false)
})

test('an account that does not exist is hashed for too, and is never right', async () => {
  passwords = new Argon2Threads(1, 1)
  // The one thread is busy with nobody's hash, the one place in the queue is taken: the next is refused.
  const nobody = passwords.verify(undefined, 'x')
  const waiting = passwords.verify(undefined, 'y')
  await expect(passwords.verify(undefined, 'z')).rejects.toMatchObject({ code: 'TooManyRequestsException' })
  expect(await Promise.all([nobody, waiting])).toEqual([false, false])
})

test('hashing takes none of the threads that files need', async () => {
  passwords = new Argon2Threads(1)
  await passwords.hash('starts the thread')
  const order: string[] = []
  const hashes = Array.from({ length: 20 }, () => passwords.hash('Correta-2026!'))
  await Promise.all([
    Promise.all(hashes).then(() => order.push('hashes')),
    readFile(import.meta.filename).then(() => order.push('file')),
  ])
  expect(order).toEqual(['file', 'hashes'])
})

test('a hash that is none is an error, and the thread goes on', async () => {
  passwords = new Argon2Threads(1)
  await expect(passwords.verify('not a hash', 'x')).rejects.toThrow('Argon2')
  expect(await passwords.hash('x')).toContain('$argon2id$')
})

test('what waits when the pool closes is told so', async () => {
  passwords = new Argon2Threads(1)
  const all = Promise.allSettled(Array.from({ length: 5 }, () => passwords.hash('x')))
  await passwords.close()
  expect((await all).every(({ status }) => status === 'rejected')).toBe(true)
})
