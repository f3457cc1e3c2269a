import { join } from 'node:path'
import type { PlatformOf } from '@balcao/platform'
import { AbortUpload } from './application/abort-upload.ts'
import { BodyReceiver } from './application/body-receiver.ts'
import { CompleteUpload } from './application/complete-upload.ts'
import { CopyObject } from './application/copy-object.ts'
import { CopyPart } from './application/copy-part.ts'
import { CreateUpload } from './application/create-upload.ts'
import { DeleteObjects } from './application/delete-objects.ts'
import { Discarding } from './application/discarding.ts'
import { FileWriters } from './application/file-writers.ts'
import { ListObjects } from './application/list-objects.ts'
import { ListParts } from './application/list-parts.ts'
import { ListUploads } from './application/list-uploads.ts'
import { Pieces } from './application/pieces.ts'
import { PlaceWriters } from './application/place-writers.ts'
import { PutObject } from './application/put-object.ts'
import { ReadObject } from './application/read-object.ts'
import { Sweep } from './application/sweep.ts'
import { UploadPart } from './application/upload-part.ts'
import { checkBucketName } from './domain/names.ts'
import { HashThread } from './infrastructure/hash-thread.ts'
import { ObjectFiles } from './infrastructure/object-files.ts'
import { PgObjects } from './infrastructure/pg-objects.ts'
import { PgUnfinished } from './infrastructure/pg-unfinished.ts'
import { PgUploads } from './infrastructure/pg-uploads.ts'

export type Store = Awaited<ReturnType<typeof open>>

/** The wiring: use cases over the platform's database and the files below the data directory. Ensures both buckets.
 *  @throws AppError `InvalidBucketName` where MEDIA_BUCKET or TEMP_BUCKET cannot be one */
export async function open(platform: PlatformOf<'sql' | 'events'>) {
  const { sql, clock, events, config, log } = platform
  const objects = new PgObjects(sql)
  const uploads = new PgUploads(sql)
  const hashes = new HashThread()
  const bodies = new BodyReceiver(hashes)
  const unfinished = new PgUnfinished(sql)
  const onError = (sentence: string) => (error: unknown) => log.warn({ err: error }, sentence)
  const files = new ObjectFiles(
    join(config.dataDir, 'objects'),
    onError('a file could not be moved to its place, or removed; a sweep will try again'),
  )
  const fileWriters = new FileWriters(unfinished, clock, onError('files that are being written could not be told of'))
  const placeWriters = new PlaceWriters(uploads, clock, onError('claims of places could not be renewed'))
  const discarding = new Discarding({
    sql,
    unfinished,
    files,
    clock,
    onError: onError('files that nobody needs could not be removed; a sweep will do it'),
  })
  const abortUpload = new AbortUpload(uploads, placeWriters, discarding)
  const need = { objects, uploads, unfinished, files, fileWriters, placeWriters, discarding, bodies, events, clock }

  await files.prepare()
  for (const name of [config.store.mediaBucket, config.store.tempBucket]) {
    checkBucketName(name)
    await objects.addBucket({ name, createdAt: clock.now() })
  }
  const readObject = new ReadObject(objects, files, new Pieces())
  const uploadPart = new UploadPart(need)
  return {
    objects,
    files,
    health: () => Promise.allSettled([sql.first('select 1'), files.free()]),
    abortUpload,
    fileWriters,
    placeWriters,
    putObject: new PutObject({ ...need, announced: config.store.tempBucket }),
    readObject,
    copyObject: new CopyObject(need),
    deleteObjects: new DeleteObjects(objects, discarding),
    listObjects: new ListObjects(objects),
    listUploads: new ListUploads(uploads),
    createUpload: new CreateUpload(uploads, files, clock),
    uploadPart,
    copyPart: new CopyPart(readObject, uploadPart),
    listParts: new ListParts(uploads),
    completeUpload: new CompleteUpload(need),
    sweep: new Sweep({ ...need, abort: abortUpload }),
    close: async () => {
      fileWriters.close()
      placeWriters.close()
      await hashes.close()
    },
  }
}
