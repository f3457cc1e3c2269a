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

/** Keeps an installation at the store that has its objects, until a move has brought them to another one: a start that
 *  forgot a variable would show films that it cannot play, and divide what comes.
 *  @throws AppError `store/other` */
export async function keepToStore(config: Config): Promise<void> {
  const place = placeOf(config)
  const known = await read(config.dataDir)
  // Without buckets, as a release before wrote it.
  const stays = known !== undefined && (known.inUse === place || place.startsWith(`${known.inUse} (`))
  if (!stays && known && known.movedTo !== place)
    throw new AppError(
      'invalid',
      'store/other',
      `The objects are in ${known.inUse}, and this start looks for them in ${place}.\n` +
        'Set the variables of the store again (set -a; . ./store.env; set +a), or move the objects first ' +
        `(docs/guides/object-store.md). To start there without them, remove ${fileOf(config.dataDir)}.`,
    )
  // Where it goes on at the old store, what comes there is in no other one: it has to be moved again.
  if (known?.inUse !== place || known.movedTo)
    await writeDurably(fileOf(config.dataDir), JSON.stringify({ inUse: place }))
}

/** All objects are there too, and nothing comes to where they were: the next start may be there. */
export async function allowStore(from: Config, to: Config): Promise<void> {
  await writeDurably(fileOf(from.dataDir), JSON.stringify({ inUse: placeOf(from), movedTo: placeOf(to) }))
}
