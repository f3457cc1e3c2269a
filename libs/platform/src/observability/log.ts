import { type Logger, pino } from 'pino'
import type { Config } from '../config/config.ts'

export function createLog(config: Pick<Config, 'logLevel'>): Logger {
  return pino({ level: config.logLevel })
}
