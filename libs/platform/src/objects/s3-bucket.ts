import { once } from 'node:events'
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
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { encodePath, type Signer } from '../aws/sigv4.ts'
import { presign } from '../aws/sigv4-sign.ts'
import type {
  Bucket,
  DescribedObject,
  ListedObject,
  ObjectHeaders,
  StoredObject,
  UnfinishedUpload,
  UploadedPart,
} from './buckets.ts'
import { found, notFound, ofUpload, plain, unusable } from './s3-errors.ts'
import { fromS3, toS3 } from './s3-headers.ts'
import { inParts } from './s3-in-parts.ts'
import { localCopy } from './s3-local-copy.ts'
import { SHOWS_WITHHELD } from './shared-disk.ts'
import { askToWithhold } from './withholding.ts'

/** How a store is reached, shared by its buckets. */
export interface S3Connection {
  readonly client: S3Client
  /** Where that client asks. */
  readonly endpoint: string
  readonly signer: Signer
  /** Where signed URLs lead. */
  readonly origin: string
  /** Where our own store keeps its files, if it does so on this machine. */
  readonly storeDir: string
  /** Whether the store is ours, which can do what S3 cannot. */
  readonly isOurs: boolean
  /** In bytes: a file above `singlePut` goes up in parts, an object above `singleCopy` is copied in parts, because one
   *  request of S3 ends at 5 GiB. */
  readonly limits: Readonly<Record<'singlePut' | 'part' | 'singleCopy' | 'copiedPart', number>>
}

/** Of an object that is replaced each time before it is copied. */
const MOST_COPIES = 5

type Sent = Pick<DescribedObject, 'size' | 'contentType' | 'headers'>

/** One bucket over S3's protocol. */
export class S3Bucket implements Bucket {
  readonly #connection: S3Connection

  constructor(
    readonly name: string,
    connection: S3Connection,
  ) {
    this.#connection = connection
  }

  async assertReachable(): Promise<void> {
    const { client, endpoint } = this.#connection
    const listing = client.send(new ListObjectsV2Command({ Bucket: this.name, MaxKeys: 1 }))
    await listing.catch((error: Error) => {
      throw unusable(`${endpoint}/${this.name}`, error)
    })
  }

  async put(
    key: string,
    body: Buffer | { path: string },
    contentType: string,
    headers: ObjectHeaders = {},
  ): Promise<StoredObject> {
    const { limits } = this.#connection
    if (Buffer.isBuffer(body)) return this.#putWhole(key, body, { size: body.length, contentType, headers })
    const object = { size: (await stat(body.path)).size, contentType, headers }
    if (object.size > limits.singlePut) return this.#putInParts(key, body.path, { ...object, partSize: limits.part })
    return reading(body.path, {}, (stream) => this.#putWhole(key, stream, object))
  }

  async get(key: string, range?: { start: number; end: number }): Promise<Readable> {
    const Range = range ? `bytes=${range.start}-${range.end}` : undefined
    const answer = await found(
      this.#connection.client.send(new GetObjectCommand({ Bucket: this.name, Key: key, Range })),
    )
    if (!answer) throw notFound()
    return answer.Body as Readable
  }

  async head(key: string): Promise<DescribedObject | undefined> {
    const answer = await found(this.#connection.client.send(new HeadObjectCommand({ Bucket: this.name, Key: key })))
    return (
      answer && {
        key,
        size: answer.ContentLength!,
        etag: plain(answer.ETag),
        modifiedAt: answer.LastModified!,
        ...fromS3(answer),
      }
    )
  }

  async delete(key: string): Promise<void> {
    await this.#connection.client.send(new DeleteObjectCommand({ Bucket: this.name, Key: key }))
  }

  async withhold(folder: string): Promise<void> {
    if (this.#connection.isOurs) await askToWithhold(this.#connection, 'PUT', this.name, folder)
  }

  async giveOut(folder: string): Promise<void> {
    if (this.#connection.isOurs) await askToWithhold(this.#connection, 'DELETE', this.name, folder)
  }

  async copy(from: string, to: Bucket, toKey: string): Promise<void> {
    const { client, limits } = this.#connection
    const CopySource = `${this.name}/${encodePath(from)}`
    let source = await this.head(from)
    for (let attempt = 1; source; attempt++) {
      if (source.size <= limits.singleCopy) {
        const copied = await found(client.send(new CopyObjectCommand({ CopySource, Bucket: to.name, Key: toKey })))
        if (copied) return
        break
      }
      try {
        await this.#copyInParts(source, CopySource, to, toKey)
        return
      } catch (error) {
        if (attempt === MOST_COPIES) throw error
        // Replaced, or gone, since it was looked at: the new one is copied, if there is one.
        const now = await this.head(from)
        if (now?.etag === source.etag) throw error
        source = now
      }
    }
    throw notFound()
  }

  async #copyInParts(source: DescribedObject, CopySource: string, to: Bucket, toKey: string): Promise<void> {
    const { client, limits } = this.#connection
    await inParts(
      to,
      toKey,
      { ...source, partSize: limits.copiedPart },
      async ({ uploadId, number, start, length }) => {
        const answer = await client.send(
          new UploadPartCopyCommand({
            CopySource,
            // All parts of one object, or none.
            CopySourceIfMatch: `"${source.etag}"`,
            CopySourceRange: `bytes=${start}-${start + length - 1}`,
            Bucket: to.name,
            Key: toKey,
            UploadId: uploadId,
            PartNumber: number,
          }),
        )
        return plain(answer.CopyPartResult!.ETag)
      },
    )
  }

  async *list(prefix: string): AsyncIterable<ListedObject> {
    let next: string | undefined
    do {
      const page = await this.#connection.client.send(
        new ListObjectsV2Command({ Bucket: this.name, Prefix: prefix, ContinuationToken: next }),
      )
      for (const { Key, Size, ETag, LastModified } of page.Contents ?? [])
        yield { key: Key!, size: Size!, etag: plain(ETag), modifiedAt: LastModified! }
      next = page.NextContinuationToken
    } while (next)
  }

  async deleteBelow(prefix: string): Promise<void> {
    for (;;) {
      const page = await this.#connection.client.send(new ListObjectsV2Command({ Bucket: this.name, Prefix: prefix }))
      const Objects = (page.Contents ?? []).map(({ Key }) => ({ Key: Key! }))
      if (Objects.length === 0) return
      const { Errors } = await this.#connection.client.send(
        new DeleteObjectsCommand({ Bucket: this.name, Delete: { Objects, Quiet: true } }),
      )
      if (Errors?.length) throw new Error(`The store did not delete ${Errors.length} objects: ${Errors[0]!.Code}`)
    }
  }

  materialise(key: string, dir: string, name = 'in'): Promise<string> {
    const from = { bucket: this.name, key }
    return localCopy(this.#connection.client, this.#connection.storeDir, from, join(dir, name))
  }

  async createUpload(
    key: string,
    { contentType, headers = {}, partSize }: { contentType: string; headers?: ObjectHeaders; partSize: number },
  ): Promise<string> {
    const answer = await this.#connection.client.send(
      new CreateMultipartUploadCommand({ Bucket: this.name, Key: key, ...toS3({ contentType, headers }, partSize) }),
    )
    return answer.UploadId!
  }

  async putPart(key: string, uploadId: string, partNumber: number, body: Buffer): Promise<UploadedPart> {
    const etag = await this.#sendPart(key, uploadId, partNumber, body, body.length)
    return { partNumber, size: body.length, etag }
  }

  async listParts(key: string, uploadId: string, after: number) {
    const page = await ofUpload(
      this.#connection.client.send(
        new ListPartsCommand({ Bucket: this.name, Key: key, UploadId: uploadId, PartNumberMarker: String(after) }),
      ),
    )
    const parts = (page.Parts ?? []).map(
      ({ PartNumber, Size, ETag }): UploadedPart => ({ partNumber: PartNumber!, size: Size!, etag: plain(ETag) }),
    )
    return { parts, next: page.IsTruncated ? Number(page.NextPartNumberMarker) : undefined }
  }

  async completeUpload(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<StoredObject> {
    const Parts = parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag }))
    const answer = await ofUpload(
      this.#connection.client.send(
        new CompleteMultipartUploadCommand({
          Bucket: this.name,
          Key: key,
          UploadId: uploadId,
          MultipartUpload: { Parts },
        }),
      ),
    )
    return { key, size: parts.reduce((total, { size }) => total + size, 0), etag: plain(answer.ETag) }
  }

  async abortUpload(key: string, uploadId: string): Promise<void> {
    await ofUpload(
      this.#connection.client.send(
        new AbortMultipartUploadCommand({ Bucket: this.name, Key: key, UploadId: uploadId }),
      ),
    )
  }

  async *listUploads(prefix: string): AsyncIterable<UnfinishedUpload> {
    let next: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {}
    do {
      const page: ListMultipartUploadsCommandOutput = await this.#connection.client.send(
        new ListMultipartUploadsCommand({ Bucket: this.name, Prefix: prefix, ...next }),
      )
      for (const { Key, UploadId, Initiated } of page.Uploads ?? [])
        yield { key: Key!, uploadId: UploadId!, startedAt: Initiated! }
      next = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined
    } while (next)
  }

  signPut(key: string, options: { expiresIn: number; size?: number; at?: Date }): string {
    return this.#presign('PUT', key, options)
  }

  signPart(key: string, options: { uploadId: string; partNumber: number; size: number; expiresIn: number }): string {
    const query = { partNumber: String(options.partNumber), uploadId: options.uploadId }
    return this.#presign('PUT', key, { ...options, query })
  }

  signGet(key: string, options: Parameters<Bucket['signGet']>[1]): string {
    const { downloadAs, contentType, withheld } = options
    const query: Record<string, string> = {}
    if (withheld && this.#connection.isOurs) query[SHOWS_WITHHELD] = ''
    if (contentType) query['response-content-type'] = contentType
    if (downloadAs !== undefined) query['response-content-disposition'] = attachment(downloadAs)
    return this.#presign('GET', key, { ...options, query })
  }

  async #putWhole(key: string, body: Buffer | Readable, object: Sent): Promise<StoredObject> {
    const { size } = object
    const answer = await this.#connection.client.send(
      new PutObjectCommand({ Bucket: this.name, Key: key, Body: body, ContentLength: size, ...toS3(object) }),
    )
    return { key, size, etag: plain(answer.ETag) }
  }

  #putInParts(key: string, path: string, object: Sent & { partSize: number }) {
    return inParts(this, key, object, ({ uploadId, number, start, length }) =>
      reading(path, { start, end: start + length - 1 }, (stream) =>
        this.#sendPart(key, uploadId, number, stream, length),
      ),
    )
  }

  /** @returns the entity tag of the part */
  async #sendPart(key: string, uploadId: string, partNumber: number, body: Buffer | Readable, size: number) {
    const answer = await this.#connection.client.send(
      new UploadPartCommand({
        Bucket: this.name,
        Key: key,
        UploadId: uploadId,
        PartNumber: partNumber,
        Body: body,
        ContentLength: size,
      }),
    )
    return plain(answer.ETag)
  }

  #presign(
    method: string,
    key: string,
    options: { expiresIn: number; size?: number; at?: Date; query?: Record<string, string> },
  ): string {
    const headers: Record<string, string> = options.size === undefined ? {} : { 'content-length': String(options.size) }
    return presign(
      {
        method,
        origin: this.#connection.origin,
        path: `/${this.name}/${encodePath(key)}`,
        query: options.query ?? {},
        headers,
      },
      this.#connection.signer,
      { at: options.at ?? new Date(), expiresIn: options.expiresIn },
    )
  }
}

/** Sends bytes of a file. One that is gone by now fails the sending: nobody yet listens to a stream that the client has
 *  not taken up, and its error would end the process. */
async function reading<T>(
  path: string,
  range: { start?: number; end?: number },
  send: (stream: Readable) => Promise<T>,
): Promise<T> {
  const stream = createReadStream(path, range)
  await once(stream, 'open')
  try {
    return await send(stream)
  } finally {
    stream.destroy()
  }
}

/** RFC 6266 §4.3: a plain name for old clients, the true one for the others. */
const attachment = (name: string) =>
  `attachment; filename="${name.replace(/[^\x20-\x7e]|["\\%]/g, '_')}"; filename*=UTF-8''${encodePath(name).replaceAll('/', '%2F')}`
