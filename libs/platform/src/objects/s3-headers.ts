import type { CreateMultipartUploadCommandInput, HeadObjectCommandOutput } from '@aws-sdk/client-s3'
import type { ObjectHeaders } from './buckets.ts'

/** What a store says of an object that was put without a type. */
const UNTOLD = 'binary/octet-stream'
/** A word to our own store, which puts parts of a known size where they belong at once, so that completing costs
 *  nothing. A store keeps it as it keeps what is said of the object. */
const PART_SIZE = 'part-size'

type Described = { readonly contentType: string; readonly headers: ObjectHeaders }
type S3Headers = Pick<
  CreateMultipartUploadCommandInput,
  'ContentType' | 'CacheControl' | 'ContentDisposition' | 'ContentEncoding' | 'ContentLanguage' | 'Expires' | 'Metadata'
>

/** @param partSize bytes, of an object that is sent in parts */
export const toS3 = ({ contentType, headers }: Described, partSize?: number): S3Headers => ({
  ContentType: contentType,
  CacheControl: headers.cacheControl,
  ContentDisposition: headers.contentDisposition,
  ContentEncoding: headers.contentEncoding,
  ContentLanguage: headers.contentLanguage,
  Expires: headers.expires,
  Metadata: { ...headers.metadata, ...(partSize !== undefined && { [PART_SIZE]: String(partSize) }) },
})

export function fromS3(answer: HeadObjectCommandOutput): Described {
  const { [PART_SIZE]: _, ...metadata } = answer.Metadata ?? {}
  return {
    contentType: answer.ContentType ?? UNTOLD,
    headers: {
      cacheControl: answer.CacheControl,
      contentDisposition: answer.ContentDisposition,
      contentEncoding: answer.ContentEncoding,
      contentLanguage: answer.ContentLanguage,
      expires: answer.ExpiresString === undefined ? undefined : dateOf(answer.ExpiresString),
      metadata,
    },
  }
}

/** What is no date means one that has passed (RFC 9111 §5.3). */
function dateOf(text: string): Date {
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? new Date(0) : date
}
