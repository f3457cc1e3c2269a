import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFiles, treeOf } from './tree.ts'

const { files, imports } = treeOf(readFiles())
/** Imports that run when a module is loaded: neither types only nor `import('…')`. */
const eager = Object.entries(files).map(([file, text]) => {
  const targets = [...text.matchAll(/^(?:import|export)\s(?!type\b)[^']*?from '([^']+)'|^import '([^']+)'/gm)]
  return [file, targets.map(([, from, bare]) => (from ?? bare)!)] as const
})
const eagerOf = new Map(eager)

const entrances: Readonly<Record<string, string>> = {
  '@balcao/platform': 'libs/platform/src/index.ts',
  '@balcao/platform/open': 'libs/platform/src/open.ts',
  '@balcao/platform/fastify': 'libs/platform/src/fastify.ts',
  '@balcao/platform/http': 'libs/platform/src/http.ts',
  '@balcao/platform/aws': 'libs/platform/src/aws.ts',
  '@balcao/contracts': 'libs/contracts/src/index.ts',
  '@balcao/kernel': 'libs/kernel/src/index.ts',
}

/** Every package from outside that loading `start` loads. */
function loadedBy(start: string, seen = new Set<string>(), packages = new Set<string>()): Set<string> {
  if (seen.has(start)) return packages
  seen.add(start)
  for (const target of eagerOf.get(start) ?? []) {
    const inside = target.startsWith('.') ? join(start, '..', target) : entrances[target]
    if (inside !== undefined) loadedBy(inside, seen, packages)
    else if (!target.startsWith('node:')) packages.add(/^(@[^/]+\/)?[^/]+/.exec(target)![0])
  }
  return packages
}

const HEAVY = ['@nestjs/common', '@nestjs/core', 'fastify', 'pg-boss', '@aws-sdk/client-s3', '@redis/client', 'pg']

describe('what is loaded by accident', () => {
  it('was seen by this test', () => {
    expect(imports.length).toBeGreaterThan(500)
    expect(loadedBy('libs/platform/src/http.ts')).toContain('@nestjs/common')
  })

  it.each(['libs/platform/src/index.ts', 'libs/platform/src/aws.ts'])(
    '%s loads no framework and no driver',
    (entrance) => {
      expect([...loadedBy(entrance)].filter((name) => HEAVY.includes(name))).toEqual([])
    },
  )

  it('libs/platform/src/open.ts loads each adapter only once it is chosen', () => {
    // The embedded database and the migration step speak to PostgreSQL themselves.
    expect([...loadedBy('libs/platform/src/open.ts')].filter((name) => HEAVY.includes(name))).toEqual(['pg'])
  })

  it.each(['user-pool', 'object-store', 'auth-service', 'video-service'])('the description of %s is data', (app) => {
    expect([...loadedBy(`apps/${app}/src/index.ts`)].filter((name) => HEAVY.includes(name))).toEqual([])
  })

  it('the pool loads no Nest, no queue and no S3', () => {
    const loaded = [...loadedBy('apps/user-pool/src/open.ts'), ...loadedBy('apps/user-pool/src/interfaces/server.ts')]
    expect(loaded.filter((name) => /^(@nestjs|pg-boss|@aws-sdk)/.test(name))).toEqual([])
  })
})
