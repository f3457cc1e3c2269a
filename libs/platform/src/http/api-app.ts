import 'reflect-metadata'
import type { Clock } from '@balcao/kernel'
import fastifyCookie from '@fastify/cookie'
import { type DynamicModule, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import type { Logger } from 'pino'
import type { Metrics } from '../observability/metrics.ts'
import { toJson } from '../sql/json.ts'
import type { Sql } from '../sql/sql.ts'
import type { TokenVerifier } from '../tokens/token-verifier.ts'
import { routesOf } from './answers.ts'
import { TOKENS } from './bearer-guard.ts'
import { CheckAnswers } from './check-answers.ts'
import { closeIdleConnections } from './close-idle-connections.ts'
import { docsPage } from './docs-page.ts'
import { LiveController } from './live.controller.ts'
import { LiveHub } from './live-hub.ts'
import { measureRequests } from './measure-requests.ts'
import { openApi } from './openapi.ts'
import { ProblemFilter } from './problem-filter.ts'
import { noteRoots } from './route-roots.ts'
import { secureAnswers } from './secure-answers.ts'
import { type OpenedService, serviceModule } from './service-module.ts'
import { traceRequests } from './trace-requests.ts'

/** Bodies are small JSON: bytes of videos never pass through the API (D1-21). */
const BODY_LIMIT = 64 * 1024

@Module({})
class ApiModule {}

export interface ApiAppOptions {
  readonly services: readonly OpenedService[]
  /** Of SERVICES: whose controllers answer. */
  readonly parts: ReadonlySet<string>
  readonly tokens: TokenVerifier
  /** Hears what changed, for live views. */
  readonly sql: Pick<Sql, 'listen'>
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
  readonly version: string
  /** Where the page is, for the policies of its answers; and where its videos are. */
  readonly publicUrl: string
  readonly objectStoreUrl: string
  /** Whether every answer is held against its contract (tests). */
  readonly checkAnswers?: boolean
}

/** One HTTP application for all chosen services. The caller may add static files before it listens. */
export async function createApiApp(options: ApiAppOptions): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ bodyLimit: BODY_LIMIT, forceCloseConnections: 'idle', skipMiddie: true })
  const fastify = adapter.getInstance()
  noteRoots(fastify)
  closeIdleConnections(fastify)
  traceRequests(fastify)
  measureRequests(fastify, options.metrics)
  secureAnswers(fastify, options)
  // Money is a bigint and travels as a decimal string.
  fastify.setReplySerializer((payload) => toJson(payload))

  const { parts, tokens } = options
  const opened = await Promise.all(options.services.map((each) => serviceModule(each, parts, tokens)))
  const routes = [...opened.flatMap((each) => each.routes), ...routesOf([LiveController])]
  const document = openApi(routes, options.version)
  fastify.get('/openapi.json', () => document)
  const page = docsPage(routes, options.version)
  fastify.get('/docs', (_request, reply) => reply.type('text/html; charset=utf-8').send(page))

  const root: DynamicModule = {
    module: ApiModule,
    imports: opened.map(({ module }) => module),
    controllers: [LiveController],
    providers: [
      { provide: TOKENS, useValue: tokens },
      { provide: LiveHub, useValue: new LiveHub(options.sql, options.clock) },
    ],
  }
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, { logger: false, abortOnError: false })
  await app.register(fastifyCookie)
  app.useGlobalFilters(new ProblemFilter(options.log))
  if (options.checkAnswers) app.useGlobalInterceptors(new CheckAnswers())
  return app
}
