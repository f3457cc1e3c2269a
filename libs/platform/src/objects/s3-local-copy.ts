import { createWriteStream } from 'node:fs'
import { link, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { assertRoom } from '../disk-room.ts'
import { found, notFound } from './s3-errors.ts'
import { ASKS_FOR_FILE, NAMES_FILE } from './shared-disk.ts'

interface Place {
  readonly bucket: string
  readonly key: string
}

type Headers = Record<string, string>

/** An object's bytes in a file at `path`: a hard link where our own store runs on this disk, else a download.
 *  @param storeDir where our own store would keep its files
 *  @throws AppError `object/not_found`, `object/does_not_fit` */
export async function localCopy(client: S3Client, storeDir: string, from: Place, path: string): Promise<string> {
  const object = await headWithFile(client, from)
  if (!object) throw notFound()
  if (object.file && (await linked(join(storeDir, object.file), path))) return path

  await assertRoom(dirname(path), object.size)
  try {
    const answer = await found(client.send(new GetObjectCommand({ Bucket: from.bucket, Key: from.key })))
    if (!answer) throw notFound()
    await pipeline(answer.Body as Readable, createWriteStream(path, { flags: 'wx', mode: 0o444 }))
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  return path
}

/** Our store tells whoever signs for it where the object's file lies below its directory; any other store ignores
 *  the header that asks. */
async function headWithFile(client: S3Client, { bucket, key }: Place) {
  const command = new HeadObjectCommand({ Bucket: bucket, Key: key })
  let file: string | undefined
  command.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { headers: Headers }
      request.headers[ASKS_FOR_FILE] = '1'
      return next(args)
    },
    { step: 'build' },
  )
  command.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args)
      file = (answer.response as { headers: Headers }).headers[NAMES_FILE]
      return answer
    },
    { step: 'deserialize', priority: 'low' },
  )
  const answer = await found(client.send(command))
  // Whoever answers may be anybody: nothing but such a name may be looked for.
  const safe = file && /^[0-9a-f]{2}\/[0-9a-f]{32}$/.test(file) ? file : undefined
  return answer && { size: answer.ContentLength!, file: safe }
}

/** Whether a hard link could be made: not on another disk, another machine or another system. */
const linked = (file: string, path: string): Promise<boolean> =>
  link(file, path).then(
    () => true,
    () => false,
  )
