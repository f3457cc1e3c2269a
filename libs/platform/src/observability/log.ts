import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino'
import type { Config } from '../config/config.ts'
import { redact, redactText } from './redact.ts'

type Fields = Record<string, unknown>

const options = (level: string): LoggerOptions => ({
  level,
  // Without the host's name; the process is known by its pid.
  base: { pid: process.pid },
  timestamp: pino.stdTimeFunctions.isoTime,
  // Errors are written by the redactor like everything else.
  serializers: { err: (error: unknown) => error },
  formatters: {
    level: (label) => ({ level: label }),
    log: (object) => redact(object) as Fields,
  },
  hooks: {
    logMethod([first, ...rest], method) {
      // pino takes the message of a bare error as it is, so it is given one that is clean.
      const cleaned =
        (first as unknown) instanceof Error && rest.length === 0
          ? [{ err: first }, redactText((first as unknown as Error).message)]
          : [typeof first === 'string' ? redactText(first) : first, ...rest.map((value) => redact(value))]
      method.apply(this, cleaned as Parameters<typeof method>)
    },
  },
})

/** JSON lines on stdout that hold no personal data and no secret, wherever in a message or an object they stood. */
export function createLog(config: Pick<Config, 'logLevel'>, destination?: DestinationStream): Logger {
  const log = destination ? pino(options(config.logLevel), destination) : pino(options(config.logLevel))
  // Formatters do not reach what a child is given at its birth; children and theirs inherit this.
  const { child } = log
  log.child = function (this: Logger, bindings: Fields, childOptions?: never) {
    return child.call(this, redact(bindings) as Fields, childOptions)
  } as typeof log.child
  return log
}
