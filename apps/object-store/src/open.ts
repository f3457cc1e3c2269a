import { type PlatformOf, roomForObjects, storeDirOf } from '@balcao/platform'
import { BodyReceiver } from './application/bodies/body-receiver.ts'
import { KnownBuckets } from './application/known-buckets.ts'
import { CopyObject } from './application/objects/copy-object.ts'
import { DeleteObjects } from './application/objects/delete-objects.ts'
import { ListObjects } from './application/objects/list-objects.ts'
import { Pieces } from './application/objects/pieces.ts'
import { PutObject } from './application/objects/put-object.ts'
import { ReadObject } from './application/objects/read-object.ts'
import { WithholdFolder } from './application/objects/withhold-folder.ts'
import { Discarding } from './application/sweep/discarding.ts'
import { Sweep } from './application/sweep/sweep.ts'
import { WriteIntents } from './application/sweep/write-intents.ts'
import { AbortUpload } from './application/uploads/abort-upload.ts'
import { CompleteUpload } from './application/uploads/complete-upload.ts'
import { CopyPart } from './application/uploads/copy-part.ts'
import { CreateUpload } from './application/uploads/create-upload.ts'
import { ListParts } from './application/uploads/list-parts.ts'
import { ListUploads } from './application/uploads/list-uploads.ts'
import { PartLeases } from './application/uploads/part-leases.ts'
import { UploadPart } from './application/uploads/upload-part.ts'
import { HashThread } from './infrastructure/hash-thread.ts'
import { ObjectFiles } from './infrastructure/object-files.ts'
import { PgBuckets } from './infrastructure/pg-buckets.ts'
import { PgObjects } from './infrastructure/pg-objects.ts'
import { PgUnfinished } from './infrastructure/pg-unfinished.ts'
import { PgUploads } from './infrastructure/pg-uploads.ts'
import { PgWithheld } from './infrastructure/pg-withheld.ts'

export type Store = Awaited<ReturnType<typeof open>>

/** The wiring: use cases over the platform's database and the files below the data directory. Ensures both buckets.
 *  @throws AppError `InvalidBucketName` where MEDIA_BUCKET or TEMP_BUCKET cannot be one */
export async function open(platform: PlatformOf<'sql' | 'events'>) {
  const { sql, clock, events, config, log } = platform
  const buckets = new KnownBuckets(new PgBuckets(sql), clock)
  const objects = new PgObjects(sql)
  const uploads = new PgUploads(sql)
  const withheld = new PgWithheld(sql)
  const hashes = new HashThread()
  const bodies = new BodyReceiver()
  const unfinished = new PgUnfinished(sql)
  const onError = (sentence: string) => (error: unknown) => log.warn({ err: error }, sentence)
  const files = new ObjectFiles(
    storeDirOf(config),
    hashes,
    onError('a file could not be moved to its place, or removed; a sweep will try again'),
    () => roomForObjects(config),
  )
  const writeIntents = new WriteIntents(unfinished, clock, onError('files that are being written could not be told of'))
  const partLeases = new PartLeases(uploads, clock, onError('leases of parts could not be renewed'))
  const discarding = new Discarding({
    sql,
    unfinished,
    files,
    clock,
    onError: onError('files that nobody needs could not be removed; a sweep will do it'),
  })
  const abortUpload = new AbortUpload(uploads, partLeases, discarding)
  const need = { objects, uploads, unfinished, files, writeIntents, partLeases, discarding, bodies, events, clock }

  await files.prepare()
  await buckets.ensure(config.store.mediaBucket, config.store.tempBucket)
  const readObject = new ReadObject(objects, files, new Pieces())
  const uploadPart = new UploadPart(need)
  return {
    buckets,
    health: () => Promise.allSettled([sql.first('select 1'), files.free()]),
    abortUpload,
    writeIntents,
    partLeases,
    putObject: new PutObject({ ...need, announced: config.store.tempBucket }),
    readObject,
    copyObject: new CopyObject(need),
    deleteObjects: new DeleteObjects(objects, discarding),
    withholdFolder: new WithholdFolder(withheld, clock),
    listObjects: new ListObjects(objects),
    listUploads: new ListUploads(uploads),
    createUpload: new CreateUpload(uploads, files, clock),
    uploadPart,
    copyPart: new CopyPart(readObject, uploadPart),
    listParts: new ListParts(uploads),
    completeUpload: new CompleteUpload(need),
    sweep: new Sweep({ ...need, withheld, abort: abortUpload }),
    close: async () => {
      writeIntents.close()
      partLeases.close()
      await hashes.close()
    },
  }
}
