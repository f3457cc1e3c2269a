import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { AppError } from '@balcao/kernel'
import type { Bucket, Config } from '@balcao/platform'
import { envOfOtherStore, loadConfig, openObjects, withGeneratedKeys } from '@balcao/platform/open'
import { bringInStep, type Progress } from './bring-in-step.ts'
import { Journal } from './move-journal.ts'
import { lockMove } from './move-lock.ts'
import { progressOn } from './move-progress.ts'
import { runProgram } from './run-program.ts'
import { PARTS, processPlan } from './services.ts'
import { allowStore, assertInUse } from './store-in-use.ts'

const USAGE = 'npm run move-store -- FILE, where FILE holds the variables of the store to move to (OBJECT_STORE=s3 …).'
const NEXT = {
  running: `
What came while this ran may be missing. Next: stop Balcão and run this once more (docs/guides/object-store.md).`,
  stopped: `
Everything is there. Next: start with the variables of the file, here and after every boot (docs/guides/object-store.md).`,
}
/** A store that is written to all the time is never quite in step. */
const MOST_PASSES = 5
const BUCKETS = ['mediaBucket', 'tempBucket'] as const

/** Copies what the installation keeps in its store to the store of another configuration, and verifies it. It may be
 *  cut off and run again, and run while the installation does; where that is stopped, it starts our own store alone. */
await runProgram(
  { env: process.env, terminal: console },
  {
    stopped: { sentence: 'Stopping. Run it again to go on.', code: 130 },
    failed: 'Nothing was changed here. Run it again to go on.',
    run: async (from, env, processes) => {
      const to = await targetOf(env)
      await assertInUse(from, to)
      const lock = await lockMove(from.dataDir)
      try {
        const embedded = from.store.kind === 'embedded'
        const running = await answers(embedded ? `${from.store.endpoint}/_health` : `${from.urls.public}/health/live`)
        if (embedded && !running) {
          const plan = processPlan(from).filter(({ name }) => name === 'object-store')
          await processes.start(from, env, plan, [from.ports.objectStore])
        }
        if (!(await move(from, to))) return 1
        if (!running) await allowStore(from, to)
        console.log(NEXT[running ? 'running' : 'stopped'])
        return 0
      } finally {
        lock.release()
      }
    },
  },
)

/** The installation as it will be with the store that the file on the command line names. */
async function targetOf(env: Record<string, string | undefined>): Promise<Config> {
  const [given, ...more] = parseArgs({ allowPositionals: true }).positionals
  if (given === undefined || more.length > 0) throw new AppError('invalid', 'move/usage', USAGE)
  // npm runs this in the project's folder, whatever folder it was asked in.
  const file = resolve(env.INIT_CWD ?? '', given)
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new AppError('invalid', 'move/file', `${file} cannot be read: ${error.message}`)
  })
  const to = loadConfig(await withGeneratedKeys(envOfOtherStore(env, text)), PARTS)
  if (to.store.kind !== 's3') throw new AppError('invalid', 'move/target', `${file} names no store: ${USAGE}`)
  return to
}

/** @returns whether all of it is there */
async function move(from: Config, to: Config): Promise<boolean> {
  const [source, target] = [await openObjects(from), await openObjects(to)]
  let complete = true
  for (const name of BUCKETS) {
    const pair = [source.bucket(from.store[name]), target.bucket(to.store[name])] as const
    const place = [from, to].map(({ store }) => `${store.endpoint}/${store[name]}`)
    for (const bucket of pair) await bucket.assertReachable()
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
      console.log(
        `${to.name} holds something else under these keys (${foreign.length}), which was left as it is: ${some}`,
      )
      console.log('Remove that there, or take a bucket without it, and run this again.')
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

function answers(address: string): Promise<boolean> {
  return fetch(address).then(
    ({ ok }) => ok,
    () => false,
  )
}
