import type { Config, PlatformOf } from '@balcao/platform'
import type { FastifyInstance } from 'fastify'
import { GONE_AFTER_SECONDS } from './heartbeat.ts'

type Check = { status: 'up' | 'down'; detail?: string }

/** Liveness tells whether to restart this process, readiness whether to send it work (D2-19). */
export function serveHealth(fastify: FastifyInstance, house: PlatformOf<'sql'>, config: Config): void {
  const ready = async () => {
    const dependencies: Record<string, Check> = Object.fromEntries(
      await Promise.all(
        Object.entries({
          database: () => house.sql.query('select 1'),
          'user-pool': () => answers(`${config.urls.userPool}/_health`),
          'object-store': () => answers(`${config.urls.objectStore}/_health`),
          worker: () => workers(house),
        }).map(async ([name, check]) => [name, await attempt(check)] as const),
      ),
    )
    // On AWS workers are scaled to zero while there is nothing to do (D3-41).
    const needed = Object.entries(dependencies).filter(([name]) => name !== 'worker' || config.platform !== 'aws')
    const healthy = needed.every(([, { status }]) => status === 'up')
    return { status: healthy ? 'healthy' : 'unhealthy', dependencies }
  }
  fastify.get('/health/live', () => ({ status: 'healthy' }))
  fastify.get('/health', () => ({ status: 'healthy' }))
  fastify.get('/health/ready', async (_request, reply) => {
    const health = await ready()
    return reply.status(health.status === 'healthy' ? 200 : 503).send(health)
  })
}

async function attempt(check: () => Promise<unknown>): Promise<Check> {
  try {
    await check()
    return { status: 'up' }
  } catch (error) {
    return { status: 'down', detail: (error as Error).message }
  }
}

async function answers(url: string): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2000) })
  await answer.body?.cancel()
  if (!answer.ok) throw new Error(`answers ${answer.status}`)
}

async function workers(house: PlatformOf<'sql'>): Promise<void> {
  const alive = await house.sql.query<{ problem: string | null }>(
    `select problem from heartbeats where role <> 'http' and 'video-processor' = any(parts)
      and beat_at > now() - make_interval(secs => $1)`,
    [GONE_AFTER_SECONDS],
  )
  if (alive.length === 0) throw new Error('no worker is running')
  const problem = alive.every((worker) => worker.problem !== null) ? alive[0]!.problem : null
  if (problem) throw new Error(problem)
}
