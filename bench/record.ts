import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Result {
  /** What is claimed, in words. */
  readonly claim: string
  readonly unit: string
  /** Every run; the median is the figure. */
  readonly runs: readonly number[]
  readonly goal: { readonly atMost: number } | { readonly atLeast: number } | undefined
  /** What both sides did, so that the figure can be judged. */
  readonly how: string
}

/** Keeps a result for bench/RESULTS.md (`node bench/report.ts`) and shows it. @param name of the bench file */
export function record(name: string, results: readonly Result[]): void {
  const dir = join(import.meta.dirname, 'results')
  mkdirSync(dir, { recursive: true })
  writeFileSync(
    join(dir, `${name}.json`),
    JSON.stringify({ name, date: new Date().toISOString().slice(0, 10), results }, null, 2),
  )
  for (const { claim, unit, runs } of results)
    console.log(`${claim}: ${median(runs).toFixed(3)} ${unit} (${runs.map((run) => run.toFixed(3)).join(', ')})`)
}

/** NaN of nothing. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The value that a part of all is not above. @param part 0 … 1 */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN
}

/** Seconds that `work` takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
