import type { Config, PlatformOf } from '@balcao/platform'
import type { FastifyInstance } from 'fastify'
import { GONE_AFTER_SECONDS } from './heartbeat.ts'
import type { Opened } from './process.ts'
import { servicesOf, workParts } from './services.ts'

type Check = { status: 'up' | 'down'; detail?: string }

/** Liveness tells whether to restart this process, readiness whether to send it work (D2-19). */
export function serveHealth(
  fastify: FastifyInstance,
  house: PlatformOf<'sql'>,
  opened: readonly Opened[],
  config: Config,
): void {
  const checks = checksOf(house, opened, config)
  const ready = async () => {
    const dependencies: Record<string, Check> = Object.fromEntries(
      await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await attempt(check)] as const)),
    )
    const healthy = Object.values(dependencies).every(({ status }) => status === 'up')
    return { status: healthy ? 'healthy' : 'unhealthy', dependencies }
  }
  fastify.get('/health/live', () => ({ status: 'healthy' }))
  fastify.get('/health', () => ({ status: 'healthy' }))
  fastify.get('/health/ready', async (_request, reply) => {
    const health = await ready()
    return reply.status(health.status === 'healthy' ? 200 : 503).send(health)
  })
}

/** What this process cannot do without, by name. */
function checksOf(house: PlatformOf<'sql'>, opened: readonly Opened[], config: Config) {
  const checks: Record<string, () => Promise<unknown>> = { database: () => house.sql.query('select 1') }
  const cache = opened.map(({ platform }) => platform.cache).find((each) => each !== undefined)
  if (cache && config.cache.kind === 'redis') checks.redis = () => cache.get('health')
  const objects = opened.map(({ platform }) => platform.objects).find((each) => each !== undefined)
  if (objects && config.store.kind === 's3') {
    const buckets = [config.store.mediaBucket, config.store.tempBucket].map((name) => objects.bucket(name))
    checks['object-store'] = () => Promise.all(buckets.map((bucket) => bucket.assertReachable()))
  }
  for (const service of servicesOf(config)) {
    if (service.address) checks[service.name] = () => answers(`${service.address!(config)}/_health`)
    // On AWS workers are scaled to zero while there is nothing to do (D3-41).
    if (config.platform === 'aws') continue
    for (const part of workParts(service)) checks[`worker:${part}`] = () => worker(house, part)
  }
  return checks
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

async function worker(house: PlatformOf<'sql'>, part: string): Promise<void> {
  const alive = await house.sql.query<{ problem: string | null }>(
    `select problem from heartbeats where role <> 'http' and $2 = any(parts)
      and beat_at > now() - make_interval(secs => $1)`,
    [GONE_AFTER_SECONDS, part],
  )
  if (alive.length === 0) throw new Error('no worker is running')
  const problem = alive.every((each) => each.problem !== null) ? alive[0]!.problem : null
  if (problem) throw new Error(problem)
}
