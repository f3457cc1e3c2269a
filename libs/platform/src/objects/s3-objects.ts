import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
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
} from '@aws-sdk/client-s3'
import { encodePath, type Signer } from '../aws/sigv4.ts'
import { presign } from '../aws/sigv4-sign.ts'
import type { Config } from '../config/config.ts'
import type { ObjectStore, StoredObject, UploadedPart } from './object-store.ts'
import { found, notFound, ofUpload, plain } from './s3-errors.ts'
import { localCopy } from './s3-local-copy.ts'
import { putInParts } from './s3-put-in-parts.ts'

const MiB = 1024 * 1024
const MOST_PARTS = 10_000

/** ObjectStore over S3's protocol: our own store, S3 itself, or anything compatible. */
export class S3Objects implements ObjectStore {
  readonly #client: S3Client
  readonly #signer: Signer
  readonly #origin: string
  /** Where our own store keeps its files, if it does so on this machine. */
  readonly #storeDir: string

  /** @param limits in bytes: a file above `singlePut` goes up in parts, because one request of S3 ends at 5 GiB */
  constructor(
    config: Pick<Config, 'region' | 'store' | 'urls' | 'dataDir'>,
    private readonly limits = { singlePut: 512 * MiB, part: 64 * MiB },
  ) {
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
    if (fromDisk && size > this.limits.singlePut) {
      const partSize = Math.max(this.limits.part, Math.ceil(size / MOST_PARTS))
      return putInParts(this.#client, this, { bucket, key }, { path: body.path, size, contentType, partSize })
    }
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
    if (!answer) throw notFound()
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

  materialise(bucket: string, key: string, dir: string): Promise<string> {
    return localCopy(this.#client, this.#storeDir, { bucket, key }, dir)
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
    const page = await ofUpload(
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
    const answer = await ofUpload(
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
    await ofUpload(this.#client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId })))
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
