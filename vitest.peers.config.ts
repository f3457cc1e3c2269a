import { mergeConfig } from 'vitest/config'
import base from './vitest.config.ts'

/** The contract suites over servers that are not ours. Where they answer is told by PEER_* variables (.ci/run). */
const config = mergeConfig(base, {})
config.test!.include = ['apps/**/*.peer.test.ts', 'libs/**/*.peer.test.ts']
config.test!.exclude = ['**/node_modules/**', '**/dist/**']
export default config
