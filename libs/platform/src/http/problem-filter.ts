import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { toProblem } from './problem.ts'

/** The one place where an error becomes an answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>()
    const request = host.switchToHttp().getRequest<FastifyRequest>()
    const problem = toProblem(error)
    if (problem.status >= 500) {
      this.log.error({ err: error, endpoint: request.routeOptions.url }, 'a request failed')
    }
    if (reply.sent) return
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
    reply.status(problem.status).type('application/problem+json').send(problem)
  }
}
