import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs, parseEnv } from 'node:util'
import { AppError } from '@balcao/kernel'
import type { Bucket, Config } from '@balcao/platform'
import { loadConfig, openObjects, withGeneratedKeys } from '@balcao/platform/open'
import { bringInStep, type Progress } from './bring-in-step.ts'
import { explain } from './explain.ts'
import { Journal } from './move-journal.ts'
import { progressOn } from './move-progress.ts'
import { Processes } from './processes.ts'
import { PARTS, processPlan } from './services.ts'
import { allowStore } from './store-in-use.ts'

const USAGE = 'npm run move-store -- FILE, where FILE holds the variables of the store to move to (OBJECT_STORE=s3 …).'
const NEXT = `
What came while this ran may be missing. Next: stop Balcão, run this once more, and start with the variables of the file
(docs/guides/object-store.md).`
/** A store that is written to all the time is never quite in step. */
const MOST_PASSES = 5
const BUCKETS = ['mediaBucket', 'tempBucket'] as const

/** Copies what the installation keeps in its store to the store of another configuration, and verifies it. It may be
 *  cut off and run again, and run while the installation does; where that is stopped, it starts our own store alone. */
async function moveStore(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) throw new AppError('invalid', 'move/usage', USAGE)
  const env = await withGeneratedKeys(process.env)
  const [from, to] = [loadConfig(env, PARTS), loadConfig(await envOf(file), PARTS)]
  if (to.store.kind !== 's3') throw new AppError('invalid', 'move/target', `${file} names no store: ${USAGE}`)

  const processes = new Processes(console.log)
  const end = (code: number) =>
    void processes.stop((error) => console.error(explain(error))).then(() => process.exit(code))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      console.log('\nStopping. Run it again to go on.')
      end(130)
    })
  try {
    if (from.store.kind === 'embedded' && !(await answers(from.store.endpoint))) {
      const plan = processPlan(from).filter(({ name }) => name === 'object-store')
      await processes.start(from, env, plan, [from.ports.objectStore])
    }
    const complete = await move(from, to)
    if (complete) {
      await allowStore(from, to)
      console.log(NEXT)
    }
    end(complete ? 0 : 1)
  } catch (error) {
    // Who stopped it has heard so already, and the store that goes away is no fault.
    if (processes.isStopping) return
    console.error(`\n${explain(error)}\nNothing was changed here. Run it again to go on.`)
    end(1)
  }
}

/** @returns whether all of it is there */
async function move(from: Config, to: Config): Promise<boolean> {
  const [source, target] = [await openObjects(from), await openObjects(to)]
  let complete = true
  for (const name of BUCKETS) {
    const pair = [source.bucket(from.store[name]), target.bucket(to.store[name])] as const
    const place = [from, to].map(({ store }) => `${store.endpoint}/${store[name]}`)
    for (const [i, bucket] of pair.entries()) await assertReachable(bucket, place[i]!)
    if (place[0] === place[1]) throw new AppError('invalid', 'move/same', `${place[0]} is where the objects are now.`)
    const id = createHash('sha256').update(place.join(' ')).digest('hex').slice(0, 16)
    const journal = await Journal.open(join(from.dataDir, 'move-store', `${id}.jsonl`))
    console.log(place.join(' → '))
    try {
      complete = (await inPasses(pair, journal, progressOn(process.stdout))) && complete
    } finally {
      await journal.close()
    }
  }
  return complete
}

async function inPasses([from, to]: readonly [Bucket, Bucket], journal: Journal, progress: Progress): Promise<boolean> {
  for (let pass = 1; pass <= MOST_PASSES; pass++) {
    const { changed, foreign } = await bringInStep(from, to, journal, progress)
    if (foreign.length > 0) {
      const some = foreign.slice(0, 5).join(', ')
      console.log(`${to.name} holds something else under ${foreign.length} keys, which was left as it is: ${some}`)
      return false
    }
    if (changed === 0) {
      console.log(`${to.name}: everything is there, and was read back and compared.`)
      return true
    }
  }
  console.log(`${to.name}: objects still come and go. Stop the installation and run it once more.`)
  return false
}

/** The environment as it will be with the other store: what the file says in place of what is said now. */
async function envOf(file: string): Promise<Record<string, string | undefined>> {
  const given = parseEnv(
    await readFile(file, 'utf8').catch((error: Error) => {
      throw new AppError('invalid', 'move/file', `${file} cannot be read: ${error.message}`)
    }),
  )
  const kept = Object.entries(process.env).filter(([name]) => !/^(OBJECT_STORE|STORE_EVENTS)(_|$)/.test(name))
  return withGeneratedKeys({ ...Object.fromEntries(kept), ...given })
}

async function assertReachable(bucket: Bucket, place: string): Promise<void> {
  await bucket.assertReachable().catch((error: Error) => {
    throw new AppError('unavailable', 'move/unreachable', `${place} cannot be read: ${error.message}`)
  })
}

const answers = (endpoint: string) =>
  fetch(`${endpoint}/_health`).then(
    ({ ok }) => ok,
    () => false,
  )

moveStore().catch((error) => {
  console.error(explain(error))
  process.exit(error instanceof AppError && error.kind === 'invalid' ? 78 : 1)
})
