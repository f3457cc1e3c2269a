import { createReadStream, createWriteStream } from 'node:fs'
import { stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { AppError } from '@balcao/kernel'
import { encodePath, type Signer } from '../aws/sigv4.ts'
import { presign } from '../aws/sigv4-sign.ts'
import type { Config } from '../config/config.ts'
import type { ObjectStore, StoredObject, UploadedPart } from './object-store.ts'

/** ObjectStore over S3's protocol: our own store, S3 itself, or anything compatible. */
export class S3Objects implements ObjectStore {
  readonly #client: S3Client
  readonly #signer: Signer
  readonly #origin: string

  constructor(config: Pick<Config, 'region' | 'store' | 'urls'>) {
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
    const answer = await this.#client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: fromDisk ? createReadStream(body.path) : body,
        ContentLength: size,
        ContentType: contentType,
      }),
    )
    return { key, size, etag: answer.ETag! }
  }

  async get(bucket: string, key: string, range?: { start: number; end: number }): Promise<Readable> {
    const Range = range ? `bytes=${range.start}-${range.end}` : undefined
    const answer = await found(this.#client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range })))
    if (!answer) throw new AppError('not_found', 'object/not_found', 'The object does not exist.')
    return answer.Body as Readable
  }

  async head(bucket: string, key: string): Promise<StoredObject | undefined> {
    const answer = await found(this.#client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })))
    return answer && { key, size: answer.ContentLength!, etag: answer.ETag! }
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
      for (const { Key, Size, ETag } of page.Contents ?? []) yield { key: Key!, size: Size!, etag: ETag! }
      next = page.NextContinuationToken
    } while (next)
  }

  async deleteBelow(bucket: string, prefix: string): Promise<void> {
    for await (const { key } of this.list(bucket, prefix)) await this.delete(bucket, key)
  }

  async materialise(bucket: string, key: string, dir: string): Promise<string> {
    const object = await this.head(bucket, key)
    if (!object) throw new AppError('not_found', 'object/not_found', 'The object does not exist.')
    const { bavail, bsize } = await statfs(dir)
    if (object.size > bavail * bsize) {
      throw new AppError(
        'unavailable',
        'object/does_not_fit',
        `The worker's disk has no room for ${object.size} bytes.`,
      )
    }
    const path = join(dir, 'in')
    await pipeline(await this.get(bucket, key), createWriteStream(path, { flags: 'wx' }))
    return path
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
      ({ PartNumber, Size, ETag }): UploadedPart => ({ partNumber: PartNumber!, size: Size!, etag: ETag! }),
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
    return { key, size: parts.reduce((total, { size }) => total + size, 0), etag: answer.ETag! }
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

const refusals: Readonly<Record<string, AppError>> = {
  NoSuchUpload: new AppError('not_found', 'upload/gone', 'The upload is not there any more; begin it again.'),
  InvalidPart: new AppError('conflict', 'upload/incomplete', 'A part is missing or differs; send it again.'),
  InvalidPartOrder: new AppError('invalid', 'upload/part_order', 'Parts must be named in ascending order.'),
  EntityTooSmall: new AppError('conflict', 'upload/part_too_small', 'Every part but the last needs at least 5 MiB.'),
}

async function upload<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw refusals[(error as Error).name] ?? error
  }
}
