import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Journal } from '../src/move-journal.ts'

let dir: string
let path: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'balcao-journal-'))
  path = join(dir, 'move-store', 'journal.jsonl')
})
afterEach(() => rm(dir, { recursive: true }))

it('knows again what was written, the last word of each', async () => {
  const journal = await Journal.open(path)
  await Promise.all(['a', 'b', 'c'].map((key) => journal.begin(key)))
  await journal.done('a', { from: 'tag 1', to: 'other' })
  await journal.forget('b')
  await journal.close()
  const again = await Journal.open(path)
  expect([...again.keys()].map((key) => [key, again.get(key)])).toEqual([
    ['a', { from: 'tag 1', to: 'other' }],
    ['c', 'begun'],
  ])
  await again.close()
})

it('counts nothing before it is in the file, and nothing that could not be written', async () => {
  const journal = await Journal.open(path)
  const begun = journal.begin('a')
  expect(journal.get('a')).toBeUndefined()
  await begun
  expect(journal.get('a')).toBe('begun')
  await journal.close()
  await expect(journal.done('a', { from: 'tag 1', to: 'other' })).rejects.toThrow()
  await expect(journal.forget('a')).rejects.toThrow()
  expect(journal.get('a')).toBe('begun')
  expect(await readFile(path, 'utf8')).toBe('["a"]\n')
})
