import { join } from 'node:path'
import { buildStale } from './build.ts'

await buildStale(false, console.log)
// Told to be a part, it is that part; else it is the whole.
const entry = process.env.SERVICES || process.env.ROLE ? 'main.js' : 'launcher.js'
await import(join(import.meta.dirname, '..', 'dist', entry))
