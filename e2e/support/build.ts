import { buildStale } from '../../scripts/build.ts'

/** Builds what is stale before the first of many processes starts: two that build at once would disturb each other. */
export default () => buildStale(false, console.log)
