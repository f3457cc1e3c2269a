import { join } from 'node:path'
import { buildStale } from './build.ts'

await buildStale(false, console.log)
await import(join(import.meta.dirname, '..', 'dist', 'move-store.js'))
