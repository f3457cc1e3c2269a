import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const files = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'))

/** Every import of every source file: relative ones as paths from the root. */
const imports = files.flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8')
  const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, target]) => target!)
  return targets.map((target) => ({
    file,
    target: target.startsWith('.') ? relative(root, normalize(join(root, dirname(file), target))) : target,
  }))
})

const layer = (path: string) => /^apps\/[^/]+\/src\/(domain|application|infrastructure|interfaces)\//.exec(path)?.[1]
const workspace = (path: string) => /^(?:apps|libs)\/([^/]+)\//.exec(path)?.[1]
const breaking = (rule: (i: { file: string; target: string }) => boolean) =>
  imports.filter(rule).map(({ file, target }) => `${file} imports ${target}`)

describe('the house', () => {
  it('was seen by this test', () => {
    expect(files.length).toBeGreaterThan(60)
    expect(new Set(files.map(layer))).toEqual(
      new Set([undefined, 'domain', 'application', 'infrastructure', 'interfaces']),
    )
  })

  it('keeps the kernel free of dependencies', () => {
    expect(breaking(({ file, target }) => workspace(file) === 'kernel' && workspace(target) !== 'kernel')).toEqual([])
  })

  it('lets a domain import words and rules only', () => {
    expect(
      breaking(
        ({ file, target }) =>
          layer(file) === 'domain' && layer(target) !== 'domain' && !/^(@balcao\/kernel|node:crypto)$/.test(target),
      ),
    ).toEqual([])
  })

  it('lets use cases know neither adapters nor edges nor frameworks', () => {
    expect(
      breaking(
        ({ file, target }) =>
          layer(file) === 'application' &&
          (['infrastructure', 'interfaces'].includes(layer(target) ?? '') ||
            /^(@nestjs\/|fastify|pg|@aws-sdk\/)/.test(target)),
      ),
    ).toEqual([])
  })

  it('lets adapters not know the edges', () => {
    expect(breaking(({ file, target }) => layer(file) === 'infrastructure' && layer(target) === 'interfaces')).toEqual(
      [],
    )
  })

  it('lets services meet in contracts only', () => {
    const apps = new Set(['user-pool', 'object-store', 'auth-service', 'video-service'])
    expect(
      breaking(({ file, target }) => {
        const other =
          /^@balcao\/(.+)$/.exec(target)?.[1] ?? (target.startsWith('apps/') ? workspace(target) : undefined)
        return apps.has(workspace(file)!) && other !== undefined && apps.has(other) && other !== workspace(file)
      }),
    ).toEqual([])
  })

  it('lets libraries not know what runs', () => {
    expect(
      breaking(
        ({ file, target }) =>
          file.startsWith('libs/') && /^(apps\/|@balcao\/(balcao|user-pool|object-store|.*-service)$)/.test(target),
      ),
    ).toEqual([])
  })

  it('reads the environment in one place and hands it on', () => {
    const readers = files.filter((file) => readFileSync(join(root, file), 'utf8').includes('process.env'))
    expect(readers.filter((file) => !file.startsWith('libs/testing/'))).toEqual([
      'apps/balcao/src/launcher.ts',
      'apps/balcao/src/main.ts',
    ])
  })

  it('opens adapters in one place', () => {
    const openers = breaking(({ target }) =>
      /(pg-boss-queue|postgres-event-bus|postgres-cache|s3-objects|mailbox-mailer|pool-token-verifier)\.ts$/.test(
        target,
      ),
    )
    expect(openers.filter((line) => !/open-platform\.ts|index\.ts/.test(line))).toEqual([])
  })

  it('throws no HTTP exception inside', () => {
    const throwers = files.filter((file) =>
      /new (HttpException|\w+(NotFound|BadRequest|Unauthorized|Forbidden|Conflict)\w*Exception)\(/.test(
        readFileSync(join(root, file), 'utf8'),
      ),
    )
    expect(throwers).toEqual([])
  })
})
