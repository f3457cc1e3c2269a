import 'reflect-metadata'
import type { Route } from '@balcao/contracts'
import { AppError } from '@balcao/kernel'
import { type DynamicModule, Module, StandardSchemaValidationPipe } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import type { Logger } from 'pino'
import type { Metrics } from '../observability/metrics.ts'
import { closeIdleConnections } from './close-idle-connections.ts'
import { measureRequests } from './measure-requests.ts'
import { openApi } from './openapi.ts'
import { ProblemFilter } from './problem-filter.ts'
import { secureAnswers } from './secure-answers.ts'
import { traceRequests } from './trace-requests.ts'

/** Bodies are small JSON: bytes of videos never pass through the API (D1-21). */
const BODY_LIMIT = 64 * 1024

@Module({})
class ApiModule {}

export interface ApiAppOptions {
  readonly modules: readonly DynamicModule[]
  readonly routes: readonly Route[]
  readonly log: Logger
  readonly metrics: Metrics
  readonly version: string
  /** Where the page is, for the policies of its answers; and where its videos are. */
  readonly publicUrl: string
  readonly objectStoreUrl: string
}

/** One HTTP application for all chosen services. The caller may add static files before it listens. */
export async function createApiApp(options: ApiAppOptions): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ bodyLimit: BODY_LIMIT, forceCloseConnections: 'idle', skipMiddie: true })
  const fastify = adapter.getInstance()
  closeIdleConnections(fastify)
  traceRequests(fastify)
  measureRequests(fastify, options.metrics)
  secureAnswers(fastify, options)
  const document = openApi(options.routes, options.version)
  fastify.get('/openapi.json', () => document)

  const root: DynamicModule = { module: ApiModule, imports: [...options.modules] }
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, { logger: false, abortOnError: false })
  app.useGlobalFilters(new ProblemFilter(options.log))
  app.useGlobalPipes(
    new StandardSchemaValidationPipe({
      exceptionFactory: (issues) => {
        const fields = issues.map(({ path, message }) => ({ field: path?.map(nameOf).join('.') ?? '', message }))
        const { field, message } = fields[0]!
        return new AppError('invalid', 'request/invalid', field ? `${field}: ${message}` : message, { fields })
      },
    }),
  )
  return app
}

const nameOf = (segment: PropertyKey | { key: PropertyKey }): string =>
  String(typeof segment === 'object' ? segment.key : segment)
