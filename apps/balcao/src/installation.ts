import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the installation: the bundle lies in its `dist/`, the sources in `apps/balcao/src/`. */
export const root: string = (() => {
  const here = dirname(fileURLToPath(import.meta.url))
  return here.endsWith('dist') ? dirname(here) : join(here, '../../..')
})()

export const version: string = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version
