import { ManualClock } from '@balcao/kernel'
import type { Platform } from '@balcao/platform'
import { startService, testApi, testPlatform } from '@balcao/testing'
import { userPool } from '@balcao/user-pool'
import pino from 'pino'
import { authService } from '../src/index.ts'

export interface RunningAuth {
  readonly url: string
  readonly platform: Platform
  /** Of the pool and the service. It starts at the real time, which is what tokens are verified by. */
  readonly clock: ManualClock
  /** All that the service logged, before any redactor. */
  readonly logged: string[]
  close(): Promise<void>
}

/** The auth-service over HTTP with a real pool behind it, on a database of their own. */
export async function startAuth(env: Record<string, string> = {}): Promise<RunningAuth> {
  const clock = new ManualClock(new Date())
  const logged: string[] = []
  const pool = await testPlatform(userPool, { clock, env })
  const serving = await startService(userPool, pool)
  const log = pino({ level: 'trace' }, { write: (line) => logged.push(line) })
  const platform = await testPlatform(authService, { on: pool, log })
  const api = await testApi(authService, platform, await authService.open(platform))
  return {
    url: `http://127.0.0.1:${platform.config.ports.http}`,
    platform,
    clock,
    logged,
    close: async () => {
      await api.close()
      await platform.close()
      await serving.close()
      await pool.close()
    },
  }
}
