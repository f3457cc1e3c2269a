import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@balcao/kernel'
import type { Config } from '@balcao/platform'
import { writeDurably } from '@balcao/platform/open'
import { z } from 'zod'

/** Where the objects of an installation are, and where a move has brought all of them. */
const record = z.object({ inUse: z.string(), movedTo: z.string().optional() })

const fileOf = (dataDir: string) => join(dataDir, 'store.json')

/** Our own moves with its data directory, whatever its address. */
const placeOf = ({ store }: Config): string =>
  `${store.kind === 'embedded' ? 'our own store' : store.endpoint} (${store.mediaBucket}, ${store.tempBucket})`

async function read(dataDir: string): Promise<z.infer<typeof record> | undefined> {
  try {
    return record.parse(JSON.parse(await readFile(fileOf(dataDir), 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

type Known = z.infer<typeof record> | undefined

/** Whether these are the objects of the installation. A release before named no buckets. */
const isInUse = (known: Known, place: string) =>
  known === undefined || known.inUse === place || place.startsWith(`${known.inUse} (`)

const elsewhere = ({ dataDir }: Config, inUse: string, place: string) =>
  new AppError(
    'invalid',
    'store/other',
    `The objects are in ${inUse}, and this start looks for them in ${place}.\n` +
      'Set the variables of the store again (set -a && . FILE && set +a), or move the objects first, the last time with ' +
      `Balcão stopped (docs/guides/object-store.md). To start there without them, remove ${fileOf(dataDir)}.`,
  )

/** Keeps an installation at the store that has its objects, until a move has brought them to another one: a start that
 *  forgot a variable would show films that it cannot play, and divide what comes.
 *  @returns what is to be said of it, if anything  @throws AppError `store/other` */
export async function keepToStore(config: Config): Promise<string | undefined> {
  const place = placeOf(config)
  const known = await read(config.dataDir)
  const stays = isInUse(known, place)
  if (!stays && known!.movedTo !== place) throw elsewhere(config, known!.inUse, place)
  if (known?.inUse !== place || known.movedTo) await write(config, { inUse: place })
  // What comes here is in no other store: it has to be moved again.
  return stays && known?.movedTo
    ? `The objects were moved to ${known.movedTo}, and Balcão goes on in ${place}: move them again before you start there.`
    : undefined
}

/** Sees that a move begins where the objects are.  @throws AppError `store/other`, `move/done` */
export async function assertInUse(from: Config, to: Config): Promise<void> {
  const known = await read(from.dataDir)
  if (isInUse(known, placeOf(from))) return
  if (isInUse(known, placeOf(to)))
    throw new AppError(
      'invalid',
      'move/done',
      `The objects are in ${placeOf(to)} already: start with the variables of that file.`,
    )
  throw elsewhere(from, known!.inUse, placeOf(from))
}

/** All objects are there too, and nothing comes to where they were: the next start may be there. */
export function allowStore(from: Config, to: Config): Promise<void> {
  return write(from, { inUse: placeOf(from), movedTo: placeOf(to) })
}

const write = ({ dataDir }: Config, known: NonNullable<Known>) => writeDurably(fileOf(dataDir), JSON.stringify(known))
