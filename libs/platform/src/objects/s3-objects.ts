import { createReadStream, createWriteStream } from 'node:fs'
import { link, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { AppError } from '@balcao/kernel'
import { encodePath, type Signer } from '../aws/sigv4.ts'
import { presign } from '../aws/sigv4-sign.ts'
import type { Config } from '../config/config.ts'
import type { ObjectStore, StoredObject, UploadedPart } from './object-store.ts'

/** Above this many bytes a file goes up in parts, so that no request grows long: S3 ends at 5 GiB. */
const IN_PARTS = 512 * 1024 ** 2
const PART = 64 * 1024 ** 2
const MOST_PARTS = 10_000
const AT_ONCE = 4

const plain = (etag: string | undefined) => etag!.replace(/^"|"$/g, '')

/** ObjectStore over S3's protocol: our own store, S3 itself, or anything compatible. */
export class S3Objects implements ObjectStore {
  readonly #client: S3Client
  readonly #signer: Signer
  readonly #origin: string
  /** Where our own store keeps its files, if it does so on this machine. */
  readonly #storeDir: string

  constructor(config: Pick<Config, 'region' | 'store' | 'urls' | 'dataDir'>) {
    this.#storeDir = join(config.dataDir, 'objects')
    this.#client = new S3Client({
      region: config.region,
      endpoint: config.urls.objectStore,
      forcePathStyle: true,
      credentials: config.store.keys,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    })
    this.#signer = { ...config.store.keys, region: config.region, service: 's3' }
    this.#origin = config.urls.objectStore
  }

  async put(bucket: string, key: string, body: Buffer | { path: string }, contentType: string): Promise<StoredObject> {
    const fromDisk = !Buffer.isBuffer(body)
    const size = fromDisk ? (await stat(body.path)).size : body.length
    if (fromDisk && size > IN_PARTS) return this.#putInParts(bucket, key, body.path, size, contentType)
    const answer = await this.#client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: fromDisk ? createReadStream(body.path) : body,
        ContentLength: size,
        ContentType: contentType,
      }),
    )
    return { key, size, etag: plain(answer.ETag) }
  }

  async get(bucket: string, key: string, range?: { start: number; end: number }): Promise<Readable> {
    const Range = range ? `bytes=${range.start}-${range.end}` : undefined
    const answer = await found(this.#client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range })))
    if (!answer) throw new AppError('not_found', 'object/not_found', 'The object does not exist.')
    return answer.Body as Readable
  }

  async head(bucket: string, key: string): Promise<StoredObject | undefined> {
    const answer = await found(this.#client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })))
    return answer && { key, size: answer.ContentLength!, etag: plain(answer.ETag) }
  }

  async delete(bucket: string, key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
  }

  async copy(bucket: string, from: string, toBucket: string, to: string): Promise<void> {
    const source = `${bucket}/${encodePath(from)}`
    await this.#client.send(new CopyObjectCommand({ CopySource: source, Bucket: toBucket, Key: to }))
  }

  async *list(bucket: string, prefix: string): AsyncIterable<StoredObject> {
    let next: string | undefined
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: next }),
      )
      for (const { Key, Size, ETag } of page.Contents ?? []) yield { key: Key!, size: Size!, etag: plain(ETag) }
      next = page.NextContinuationToken
    } while (next)
  }

  async deleteBelow(bucket: string, prefix: string): Promise<void> {
    for (;;) {
      const page = await this.#client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))
      const Objects = (page.Contents ?? []).map(({ Key }) => ({ Key: Key! }))
      if (Objects.length === 0) return
      const { Errors } = await this.#client.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
      )
      if (Errors?.length) throw new Error(`The store did not delete ${Errors.length} objects: ${Errors[0]!.Code}`)
    }
  }

  async materialise(bucket: string, key: string, dir: string): Promise<string> {
    const path = join(dir, 'in')
    const command = new HeadObjectCommand({ Bucket: bucket, Key: key })
    // Our store answers such a signed request with the file's place; any other ignores it.
    command.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: Record<string, string> }).headers, { 'x-balcao-link': '1' })
        return next(args)
      },
      { step: 'build' },
    )
    let place: string | undefined
    command.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args)
        place = (answer.response as { headers: Record<string, string> }).headers['x-balcao-file']
        return answer
      },
      { step: 'deserialize', priority: 'low' },
    )
    const object = await found(this.#client.send(command))
    if (!object) throw new AppError('not_found', 'object/not_found', 'The object does not exist.')
    if (place && (await this.#linked(place, path))) return path

    const { bavail, bsize } = await statfs(dir)
    if (object.ContentLength! > bavail * bsize) {
      throw new AppError(
        'unavailable',
        'object/does_not_fit',
        `The worker's disk has no room for ${object.ContentLength} bytes.`,
      )
    }
    try {
      await pipeline(await this.get(bucket, key), createWriteStream(path, { flags: 'wx', mode: 0o444 }))
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
    return path
  }

  /** Whether a hard link could be made: not on another disk, another machine or another system. */
  async #linked(place: string, path: string): Promise<boolean> {
    if (!/^[0-9a-f]{2}\/[0-9a-f]{32}$/.test(place)) return false
    return link(join(this.#storeDir, place), path).then(
      () => true,
      () => false,
    )
  }

  async #putInParts(bucket: string, key: string, path: string, size: number, contentType: string) {
    const partSize = Math.max(PART, Math.ceil(size / MOST_PARTS))
    const uploadId = await this.createUpload(bucket, key, { contentType, partSize })
    const waiting = Array.from({ length: Math.ceil(size / partSize) }, (_, i) => i + 1)
    const parts: UploadedPart[] = []
    const sendNext = async () => {
      for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
        const start = (number - 1) * partSize
        const length = Math.min(partSize, size - start)
        const answer = await this.#client.send(
          new UploadPartCommand({
            Bucket: bucket,
            Key: key,
            UploadId: uploadId,
            PartNumber: number,
            Body: createReadStream(path, { start, end: start + length - 1 }),
            ContentLength: length,
          }),
        )
        parts.push({ partNumber: number, size: length, etag: plain(answer.ETag) })
      }
    }
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, sendNext))
      return await this.completeUpload(
        bucket,
        key,
        uploadId,
        parts.sort((a, b) => a.partNumber - b.partNumber),
      )
    } catch (error) {
      waiting.length = 0
      await this.abortUpload(bucket, key, uploadId).catch(() => {}) // the first error is the one to tell
      throw error
    }
  }

  async createUpload(bucket: string, key: string, options: { contentType: string; partSize: number }): Promise<string> {
    const answer = await this.#client.send(
      new CreateMultipartUploadCommand({
        Bucket: bucket,
        Key: key,
        ContentType: options.contentType,
        // Our store puts parts of a known size where they belong at once, so that completing costs nothing.
        Metadata: { 'part-size': String(options.partSize) },
      }),
    )
    return answer.UploadId!
  }

  async listParts(bucket: string, key: string, uploadId: string, after: number) {
    const page = await upload(
      this.#client.send(
        new ListPartsCommand({ Bucket: bucket, Key: key, UploadId: uploadId, PartNumberMarker: String(after) }),
      ),
    )
    const parts = (page.Parts ?? []).map(
      ({ PartNumber, Size, ETag }): UploadedPart => ({ partNumber: PartNumber!, size: Size!, etag: plain(ETag) }),
    )
    return { parts, next: page.IsTruncated ? Number(page.NextPartNumberMarker) : undefined }
  }

  async completeUpload(
    bucket: string,
    key: string,
    uploadId: string,
    parts: readonly UploadedPart[],
  ): Promise<StoredObject> {
    const Parts = parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag }))
    const answer = await upload(
      this.#client.send(
        new CompleteMultipartUploadCommand({
          Bucket: bucket,
          Key: key,
          UploadId: uploadId,
          MultipartUpload: { Parts },
        }),
      ),
    )
    return { key, size: parts.reduce((total, { size }) => total + size, 0), etag: plain(answer.ETag) }
  }

  async abortUpload(bucket: string, key: string, uploadId: string): Promise<void> {
    await upload(this.#client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId })))
  }

  signPut(bucket: string, key: string, options: { expiresIn: number; size?: number; at?: Date }): string {
    return this.#presign('PUT', bucket, key, options)
  }

  signPart(
    bucket: string,
    key: string,
    options: { uploadId: string; partNumber: number; size: number; expiresIn: number },
  ): string {
    const query = { partNumber: String(options.partNumber), uploadId: options.uploadId }
    return this.#presign('PUT', bucket, key, { ...options, query })
  }

  signGet(
    bucket: string,
    key: string,
    options: { expiresIn: number; at?: Date; downloadAs?: string; contentType?: string },
  ): string {
    const { downloadAs, contentType } = options
    const query: Record<string, string> = {}
    if (contentType) query['response-content-type'] = contentType
    if (downloadAs !== undefined) query['response-content-disposition'] = attachment(downloadAs)
    return this.#presign('GET', bucket, key, { ...options, query })
  }

  #presign(
    method: string,
    bucket: string,
    key: string,
    options: { expiresIn: number; size?: number; at?: Date; query?: Record<string, string> },
  ): string {
    const headers: Record<string, string> = options.size === undefined ? {} : { 'content-length': String(options.size) }
    return presign(
      { method, origin: this.#origin, path: `/${bucket}/${encodePath(key)}`, query: options.query ?? {}, headers },
      this.#signer,
      { at: options.at ?? new Date(), expiresIn: options.expiresIn },
    )
  }
}

/** RFC 6266 §4.3: a plain name for old clients, the true one for the others. */
const attachment = (name: string) =>
  `attachment; filename="${name.replace(/[^\x20-\x7e]|["\\%]/g, '_')}"; filename*=UTF-8''${encodePath(name).replaceAll('/', '%2F')}`

async function found<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined
    throw error
  }
}

const refusals: Readonly<Record<string, () => AppError>> = {
  NoSuchUpload: () => new AppError('not_found', 'upload/gone', 'The upload is not there any more; begin it again.'),
  InvalidPart: () => new AppError('conflict', 'upload/incomplete', 'A part is missing or differs; send it again.'),
  InvalidPartOrder: () => new AppError('invalid', 'upload/part_order', 'Parts must be named in ascending order.'),
  EntityTooSmall: () =>
    new AppError('conflict', 'upload/part_too_small', 'Every part but the last needs at least 5 MiB.'),
}

async function upload<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw refusals[(error as Error).name]?.() ?? error
  }
}
