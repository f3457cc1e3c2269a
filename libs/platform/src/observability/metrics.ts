import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** How often something happened, with these labels. */
export interface Counted {
  readonly name: string
  readonly help: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The process's metrics. Labels are few and never personal. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #unsaved = new Map<string, Counted>()
  readonly contentType = this.#registry.contentType
  readonly requests = new Counter({
    name: 'http_requests_total',
    help: 'Total HTTP requests',
    labelNames: ['method', 'endpoint'],
    registers: [this.#registry],
  })
  readonly latency = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'HTTP request latency',
    labelNames: ['method', 'endpoint', 'status'],
    registers: [this.#registry],
  })

  /** Counts a business event: `count('sign_in_total', 'Sign-ins', { result: 'ok' })`. */
  count(name: string, help: string, labels: Readonly<Record<string, string>> = {}): void {
    this.#add({ name, help, labels, value: 1 })
  }

  /** A value that is read whenever somebody asks for the metrics: `gauge('jobs_waiting', 'Jobs waiting', () => …)`. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      async collect() {
        this.set(await read())
      },
    })
  }

  /** What was counted since this was asked last, for whoever adds it to what other processes counted. */
  takeCounted(): Counted[] {
    const counted = [...this.#unsaved.values()]
    this.#unsaved.clear()
    return counted
  }

  /** Puts back what was taken and could not be saved. */
  giveBack(counted: readonly Counted[]): void {
    for (const each of counted) this.#add(each)
  }

  /** Everything in Prometheus' text format. @param saved what was counted before, here and elsewhere */
  async text(saved: readonly Counted[] = []): Promise<string> {
    const sums = new Registry()
    for (const { name, help, labels, value } of [...saved, ...this.#unsaved.values()]) {
      const counter =
        (sums.getSingleMetric(name) as Counter | undefined) ??
        new Counter({ name, help, labelNames: Object.keys(labels), registers: [sums] })
      counter.inc({ ...labels }, value)
    }
    return `${await this.#registry.metrics()}\n${await sums.metrics()}`
  }

  #add({ name, help, labels, value }: Counted): void {
    const key = JSON.stringify([name, Object.entries(labels).sort()])
    this.#unsaved.set(key, { name, help, labels, value: (this.#unsaved.get(key)?.value ?? 0) + value })
  }
}
