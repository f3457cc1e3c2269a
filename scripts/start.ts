import { join } from 'node:path'
import { buildStale } from './build.ts'

if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error('Balcão runs on Node 24, which "npm ci" puts into node_modules. Run "npm ci", then "npm start".')
  process.exit(1)
}

await buildStale(false, console.log)
// Told to be a part, it is that part; else it is the whole.
const entry = process.env.SERVICES || process.env.ROLE ? 'main.js' : 'launcher.js'
await import(join(import.meta.dirname, '..', 'dist', entry))
