import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@balcao/platform/open'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL on which each test makes databases of its own. */
    databaseServerUrl: string
  }
}

/** One PostgreSQL for the whole run: TEST_DATABASE_URL where given (an older version), else the embedded one. */
export default async function setup(project: TestProject) {
  if (process.env.TEST_DATABASE_URL) {
    project.provide('databaseServerUrl', process.env.TEST_DATABASE_URL)
    return
  }
  const dir = await mkdtemp(join(tmpdir(), 'balcao-test-'))
  const postgres = await startEmbeddedPostgres({ dir, settings: { fsync: 'off', synchronous_commit: 'off' } })
  project.provide('databaseServerUrl', postgres.url)
  return async () => {
    await postgres.stop()
    await rm(dir, { recursive: true, force: true })
  }
}
