import { S3ServiceException } from '@aws-sdk/client-s3'
import { AppError } from '@balcao/kernel'

/** An entity tag without its quotes. */
export const plain = (etag: string | undefined): string => etag!.replace(/^"|"$/g, '')

export const notFound = () => new AppError('not_found', 'object/not_found', 'The object does not exist.')

/** The answer, or undefined where it is 404. */
export async function found<T>(answer: Promise<T>): Promise<T | undefined> {
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

/** Says what is wrong with an upload in the port's words. */
export async function ofUpload<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw refusals[(error as Error).name]?.() ?? error
  }
}

const KEYS = 'Check OBJECT_STORE_ACCESS_KEY_ID and OBJECT_STORE_SECRET_ACCESS_KEY.'
const remedies: Readonly<Record<string, string>> = {
  NoSuchBucket: 'Make that bucket there first, or name another one (MEDIA_BUCKET, TEMP_BUCKET).',
  SignatureDoesNotMatch: KEYS,
  InvalidAccessKeyId: KEYS,
  AccessDenied: `${KEYS} They need to list, read and write there.`,
  ECONNREFUSED: 'Start that store, or check OBJECT_STORE_ENDPOINT and OBJECT_STORE_URL.',
  ENOTFOUND: 'Check OBJECT_STORE_ENDPOINT and OBJECT_STORE_URL.',
}

/** Why a bucket cannot be used, and what whoever runs the installation does about it.
 *  @param place the bucket's address */
export function unusable(place: string, error: Error): AppError {
  const why = remedies[error.name] ?? remedies[(error as NodeJS.ErrnoException).code ?? '']
  const sentence = `${place} cannot be read: ${error.message.replace(/\.?$/, '.')}`
  return new AppError('unavailable', 'object-store/unusable', why ? `${sentence} ${why}` : sentence)
}
