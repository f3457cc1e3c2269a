/** What happened and what was wrong with it. */
export class Diary {
  readonly #began = performance.now()
  readonly #lines: string[] = []
  readonly #counts = new Map<string, number>()
  readonly faults: string[] = []

  constructor(private readonly last = 60) {}

  /** Seconds since it was begun. */
  get now(): number {
    return (performance.now() - this.#began) / 1000
  }

  /** @param kind is counted  @param about what the line says more */
  note(kind: string, about = ''): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1)
    this.#lines.push(`${this.now.toFixed(1).padStart(7)} s  ${kind} ${about}`)
    if (this.#lines.length > this.last) this.#lines.shift()
  }

  /** Something that must never be. */
  fault(what: string): void {
    this.faults.push(`${this.now.toFixed(1)} s: ${what}`)
    this.note('FAULT', what)
    console.log(`FAULT at ${this.now.toFixed(1)} s: ${what}\n${this.tell()}`)
  }

  count(kind: string): number {
    return this.#counts.get(kind) ?? 0
  }

  /** The last lines. */
  tell(): string {
    return this.#lines.join('\n')
  }

  sum(): string {
    return [...this.#counts].map(([kind, count]) => `${count} × ${kind}`).join(', ')
  }
}
