// Nest's decorators need it before the first of them is read.
import 'reflect-metadata'
import { createServer } from 'node:http'
import type { AnyService, Config, Ground, Platform, PlatformOf, Running } from '@balcao/platform'
import { createLog, Metrics, measureService, openPlatform, startTracing, startWork } from '@balcao/platform/open'
import { metricsText } from './counters.ts'
import { beat } from './heartbeat.ts'
import { house } from './house.ts'
import { chosenServices } from './services.ts'

/** A service of this process, opened once. */
export interface Opened {
  readonly service: AnyService
  readonly platform: Platform
  readonly useCases: unknown
}

/** Runs the services that `config` chooses, in this process. Resolves when all of them answer.
 *  @param root the folder that holds `web/dist`  @throws AppError or Error with a sentence for the person who starts it */
export async function startProcess(config: Config, root: string, version: string): Promise<Running> {
  const log = createLog(config)
  const metrics = new Metrics()
  const given: Partial<Ground> = { log, metrics }
  const running: Running[] = []
  // Closed in the opposite order of opening: first what takes work, last what it stands on.
  const close = async () => {
    for (const part of running.reverse()) {
      await part.close().catch((error) => log.error({ err: error }, 'a part did not close'))
    }
  }
  try {
    running.push(startTracing(config.otlpEndpoint, config.role === 'all' ? [...config.parts].join('+') : config.role))
    const housePlatform = await openPlatform(config, house, given)
    running.push(housePlatform)
    const opened: Opened[] = []
    for (const service of chosenServices(config)) {
      const platform = (await openPlatform(config, service, given)) as Platform
      running.push(platform)
      const useCases = await service.open(platform)
      if (isRunning(useCases)) running.push(useCases)
      opened.push({ service, platform, useCases })
    }
    if (config.role !== 'worker') {
      for (const { service, useCases, platform } of opened) {
        measureService(service, useCases, metrics, config.parts)
        if (service.serve) running.push(await service.serve(useCases, platform))
      }
    }
    if (config.role !== 'http') {
      for (const { service, useCases, platform } of opened) {
        running.push(await startWork(service, useCases, platform, config.parts))
      }
    }
    const apis = opened.filter(({ service }) => service.http)
    if (config.role !== 'worker' && (apis.length > 0 || config.parts.has('web'))) {
      const { serveHttp } = await import('./http-server.ts')
      running.push(await serveHttp(config, housePlatform, apis, { root, version }))
    } else if (config.ports.metrics !== undefined) {
      running.push(await serveMetrics(housePlatform, config.ports.metrics))
    }
    const problem = () => running.map((part) => part.problem?.()).find((sentence) => sentence !== undefined)
    running.push(await beat(housePlatform, config, problem))
    return { close }
  } catch (error) {
    await close()
    throw error
  }
}

const isRunning = (value: unknown): value is Running =>
  typeof (value as Partial<Running> | undefined)?.close === 'function'

/** Where there is no API, metrics have a port of their own, and only when one is given: a worker opens none (D3-28). */
async function serveMetrics(house: PlatformOf<'sql'>, port: number): Promise<Running> {
  const server = createServer(async (_request, response) => {
    response.setHeader('content-type', house.metrics.contentType)
    response.end(await metricsText(house, house.metrics))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, house.config.host, resolve))
  return { close: () => new Promise((resolve) => server.close(() => resolve())) }
}
