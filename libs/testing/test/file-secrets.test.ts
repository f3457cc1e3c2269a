import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { FileSecrets } from '@balcao/platform/adapters'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secretsContract } from '../src/secrets-contract.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'balcao-secrets-'))
})
afterAll(() => rm(dir, { recursive: true }))

secretsContract('FileSecrets', async () => new FileSecrets(join(dir, 'shared')))

describe('FileSecrets', () => {
  it('lets nobody but the owner read, and leaves nothing half-written behind', async () => {
    const secrets = new FileSecrets(join(dir, 'modes'))
    await secrets.current('pepper')
    await secrets.text('id', () => 'x')
    const names = await readdir(join(dir, 'modes'))
    expect(names.sort()).toEqual(['id.txt', 'pepper.keys.json'])
    const modes = await Promise.all(
      ['', ...names].map(async (name) => (await stat(join(dir, 'modes', name))).mode & 0o777),
    )
    expect(modes).toEqual([0o700, 0o600, 0o600])
  })

  it('uses the current key of a rotated file and still finds the older one', async () => {
    const old = { id: 'old', bytes: Buffer.alloc(32, 1) }
    const young = { id: 'young', bytes: Buffer.alloc(32, 2) }
    await mkdir(join(dir, 'rotated'))
    await writeFile(
      join(dir, 'rotated', 'pepper.keys.json'),
      JSON.stringify({
        current: 'young',
        keys: [old, young].map((k) => ({ id: k.id, bytes: k.bytes.toString('base64url') })),
      }),
    )
    const secrets = new FileSecrets(join(dir, 'rotated'))
    expect(await secrets.current('pepper')).toEqual(young)
    expect(await secrets.byId('pepper', 'old')).toEqual(old)
  })

  it('finds a key that was added after the file was first read', async () => {
    const path = join(dir, 'later', 'pepper.keys.json')
    const secrets = new FileSecrets(join(dir, 'later'))
    const first = await secrets.current('pepper')
    const keys = [
      { id: first.id, bytes: first.bytes.toString('base64url') },
      { id: 'next', bytes: 'AAAA' },
    ]
    await writeFile(path, JSON.stringify({ current: 'next', keys }))
    expect((await secrets.byId('pepper', 'next')).bytes).toEqual(Buffer.alloc(3))
  })

  it('names a damaged file without quoting it', async () => {
    await mkdir(join(dir, 'damaged'))
    await writeFile(join(dir, 'damaged', 'pepper.keys.json'), '{"current":"a","keys":[{"id":"a","bytes":"c2VjcmV0')
    const error = await new FileSecrets(join(dir, 'damaged')).current('pepper').catch((e: Error) => e)
    expect(String(error)).toMatch(/pepper\.keys\.json is damaged: put it back from a backup/)
    expect(JSON.stringify(error)).not.toContain('c2VjcmV0')
  })

  it('agrees on one secret across processes', async () => {
    const raced = join(dir, 'processes')
    const module = new URL('../../platform/src/secrets/file-secrets.ts', import.meta.url).href
    const script = `
      const { FileSecrets } = await import(${JSON.stringify(module)})
      process.stdout.write(await new FileSecrets(${JSON.stringify(raced)}).text('raced', () => String(process.pid)))`
    const runs = Array.from({ length: 4 }, () =>
      promisify(execFile)(process.execPath, ['--input-type=module', '--experimental-transform-types', '-e', script]),
    )
    const answers = await Promise.all(runs)
    expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(1)
  })
})
