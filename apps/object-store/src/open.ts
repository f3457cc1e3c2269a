import { join } from 'node:path'
import type { PlatformOf } from '@balcao/platform'
import { AbortUpload } from './application/abort-upload.ts'
import { CompleteUpload } from './application/complete-upload.ts'
import { CopyObject } from './application/copy-object.ts'
import { CreateUpload } from './application/create-upload.ts'
import { DeleteObjects } from './application/delete-objects.ts'
import { ListObjects } from './application/list-objects.ts'
import { PartWriters } from './application/part-writers.ts'
import { PutObject } from './application/put-object.ts'
import { ReadObject } from './application/read-object.ts'
import { Sweep } from './application/sweep.ts'
import { UploadPart } from './application/upload-part.ts'
import { checkBucketName } from './domain/names.ts'
import { HashThread } from './infrastructure/hash-thread.ts'
import { ObjectFiles } from './infrastructure/object-files.ts'
import { PgObjects } from './infrastructure/pg-objects.ts'
import { PgUploads } from './infrastructure/pg-uploads.ts'

export type Store = Awaited<ReturnType<typeof open>>

/** The wiring: use cases over the platform's database and the files below the data directory. Ensures both buckets.
 *  @throws AppError `InvalidBucketName` where MEDIA_BUCKET or TEMP_BUCKET cannot be one */
export async function open(platform: PlatformOf<'sql' | 'events'>) {
  const { sql, clock, events, config, log } = platform
  const objects = new PgObjects(sql)
  const uploads = new PgUploads(sql)
  const files = new ObjectFiles(join(config.dataDir, 'objects'))
  const hashes = new HashThread()
  const writers = new PartWriters(uploads, clock, (error) => log.warn({ err: error }, 'claims of parts not renewed'))
  const abortUpload = new AbortUpload({ sql, uploads, files, writers })

  await files.prepare()
  for (const name of [config.store.mediaBucket, config.store.tempBucket]) {
    checkBucketName(name)
    await objects.addBucket({ name, createdAt: clock.now() })
  }
  return {
    objects,
    uploads,
    files,
    health: () => Promise.allSettled([sql.first('select 1'), files.free()]),
    abortUpload,
    putObject: new PutObject({ sql, objects, files, hashes, events, clock, announced: config.store.tempBucket }),
    readObject: new ReadObject(objects, files),
    copyObject: new CopyObject({ sql, objects, files, clock }),
    deleteObjects: new DeleteObjects(sql, objects, files),
    listObjects: new ListObjects(objects),
    createUpload: new CreateUpload(uploads, files, clock),
    uploadPart: new UploadPart({ uploads, files, hashes, writers, clock }),
    completeUpload: new CompleteUpload({ sql, objects, uploads, files, writers, clock }),
    sweep: new Sweep({ objects, uploads, files, abort: abortUpload, clock }),
    close: async () => {
      writers.close()
      await hashes.close()
    },
  }
}
