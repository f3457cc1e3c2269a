import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** The process's metrics. Labels are few and never personal. */
export class Metrics {
  readonly registry = new Registry()
  readonly requests = new Counter({
    name: 'http_requests_total',
    help: 'Total HTTP requests',
    labelNames: ['method', 'endpoint'],
    registers: [this.registry],
  })
  readonly latency = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'HTTP request latency',
    labelNames: ['method', 'endpoint', 'status'],
    registers: [this.registry],
  })

  /** Counts a business event: `count('sign_in_total', 'Sign-ins', { result: 'ok' })`. */
  count(name: string, help: string, labels: Record<string, string> = {}): void {
    const counter =
      (this.registry.getSingleMetric(name) as Counter | undefined) ??
      new Counter({ name, help, labelNames: Object.keys(labels), registers: [this.registry] })
    counter.inc(labels)
  }

  /** A value that is read whenever somebody asks for the metrics: `gauge('jobs_waiting', 'Jobs waiting', () => …)`. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        this.set(await read())
      },
    })
  }
}
