import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { median, type Result } from './record.ts'

/** Writes bench/RESULTS.md out of what the benches recorded: `node bench/report.ts`. */
const files = globSync('results/*.json', { cwd: import.meta.dirname }).sort()
const rows = files.flatMap((file) => {
  const { name, date, results } = JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as {
    name: string
    date: string
    results: Result[]
  }
  return results.map((result) => ({ name, date, ...result }))
})

/** A bench whose runs are still to come stands there with its goals. */
const figure = (value: number) =>
  Number.isNaN(value) ? '–' : value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)
const verdict = ({ runs, goal }: Result) => {
  if (!goal) return '–'
  const value = median(runs)
  const asked = 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`
  if (runs.length === 0) return `${asked}, to be measured`
  const met = 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast
  return `${asked} ${met ? 'met' : '**missed**'}`
}

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`
writeFileSync(
  join(import.meta.dirname, 'RESULTS.md'),
  `# Measurements

Machine: ${machine}. Each figure is the median; all runs stand beside it. Ratios are made in one run against the peer named.
Repeat with \`npm run bench\` (all) or \`npm run bench -- NAME\`, then \`node bench/report.ts\`.

| claim | median | goal | runs | bench | date |
|---|---|---|---|---|---|
${rows.map((row) => `| ${row.claim} | ${figure(median(row.runs))} ${row.unit} | ${verdict(row)} | ${row.runs.map(figure).join(' · ')} | ${row.name} | ${row.date} |`).join('\n')}

## How

${rows.map((row) => `- **${row.claim}**: ${row.how}`).join('\n')}
`,
)
